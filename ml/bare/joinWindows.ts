/** What a model answered to the windows of a sound, put together. */
import { MlError } from '../errors';
import type { TensorOutput } from './outputs';
import type { SoundWindows } from './soundWindows';

type Places = Pick<SoundWindows, 'length' | 'hop' | 'lead' | 'steps' | 'join'>;

/**
 * Outputs `[1, frames, …]` lose the frames that overlap, half at each side, and what lies behind the sound's end; the rest
 * is `[1, all frames, …]`. Others are stacked along their first axis: `[windows, classes]`.
 */
export function joinWindows(answers: readonly TensorOutput[][], places: Places): TensorOutput[] {
  const [first = []] = answers;
  if (answers.length === 1 && places.lead === 0) return first;
  return first.map((_, i) => {
    const parts = answers.flatMap((outputs) => outputs[i] ?? []);
    return joined(parts, places) ?? stacked(parts);
  });
}

function joined(
  parts: readonly TensorOutput[],
  { length, hop, lead, steps, join }: Places,
): TensorOutput | undefined {
  const [first] = parts;
  if (first === undefined || !join || first.shape.length < 3 || first.shape[0] !== 1) return undefined;
  if (parts.some(({ shape }) => shape.join() !== first.shape.join())) return undefined;
  const [, frames = 0, ...rest] = first.shape;
  const width = rest.reduce((product, each) => product * each, 1);
  const cut = Math.floor(Math.round((frames * (length - hop)) / length) / 2);
  const kept = frames - 2 * cut;
  if (kept < 1) return undefined;
  // Where the silence before the sound is just what is cut off, its first frame is the first that stays.
  const before = lead - Math.floor((length - hop) / 2);
  const total = Math.min(parts.length * kept, Math.max(1, Math.ceil(((steps + before) * kept) / hop)));
  const data = concat(first, parts, (one) => one.slice(cut * width, (cut + kept) * width));
  return { ...first, shape: [1, total, ...rest], data: data.slice(0, total * width) };
}

function stacked(parts: readonly TensorOutput[]): TensorOutput {
  const [first] = parts;
  if (first === undefined) throw new MlError('input.invalid', 'The sound made no window.');
  if (parts.length === 1) return first;
  const [, ...rest] = first.shape;
  const alike = parts.every(({ shape }) => shape.slice(1).join() === rest.join() && shape.length > 0);
  if (!alike && first.shape.length > 0) {
    throw new MlError(
      'input.invalid',
      `The output "${first.name}" has another shape for each window; give the sound in one piece.`,
    );
  }
  const rows =
    first.shape.length === 0 ? parts.length : parts.reduce((sum, { shape }) => sum + (shape[0] ?? 1), 0);
  return { ...first, shape: [rows, ...rest], data: concat(first, parts, (one) => one) };
}

type Numbers = Exclude<TensorOutput['data'], readonly string[]>;

function concat(
  first: TensorOutput,
  parts: readonly TensorOutput[],
  cut: (one: Numbers) => Numbers,
): Numbers {
  const pieces = parts.map(({ name, data }) => {
    if (Array.isArray(data)) {
      throw new MlError(
        'model.unsupported',
        `The output "${name}" holds texts; those of windows are not joined.`,
      );
    }
    return cut(data as Numbers);
  });
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const all =
    first.dtype === 'int32'
      ? new Int32Array(size)
      : first.dtype === 'bool'
        ? new Uint8Array(size)
        : new Float32Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
