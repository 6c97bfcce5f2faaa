/** Cuts a long sound where it is quietest: attention costs the square of what is heard at once. */

/** Seconds. */
const longest = 30;
/** Where a cut is looked for, before the end of a piece. */
const search = 8;
const frame = 0.03;

export interface Piece {
  readonly start: number;
  readonly end: number;
}

/** In samples; joined they are the whole. */
export function piecesOf(samples: Float32Array, sampleRate: number): Piece[] {
  const pieces: Piece[] = [];
  for (let start = 0; start < samples.length;) {
    const left = samples.length - start;
    const end = left <= longest * sampleRate ? samples.length : quietest(samples, start, sampleRate);
    pieces.push({ start, end });
    start = end;
  }
  return pieces;
}

function quietest(samples: Float32Array, start: number, sampleRate: number): number {
  const step = Math.round(frame * sampleRate);
  const last = start + longest * sampleRate - step;
  let best = last;
  let least = Infinity;
  for (let at = last; at > start + (longest - search) * sampleRate; at -= step) {
    let energy = 0;
    for (let i = at; i < at + step; i++) energy += (samples[i] ?? 0) ** 2;
    if (energy >= least) continue;
    least = energy;
    best = at;
  }
  return best + Math.floor(step / 2);
}
