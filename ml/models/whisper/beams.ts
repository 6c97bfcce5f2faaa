/** Beam search: several transcripts at once, of which the likeliest for its length wins. */
import { softmax } from '../../generation/sampling';
import type { WhisperTokens } from './config';
import type { Said } from './generate';
import type { Whisper, WhisperCache } from './model';
import { applyRules } from './rules';

export interface BeamOptions {
  readonly prompt: readonly number[];
  readonly mostNewTokens: number;
  readonly timestamps: boolean;
  /** Transcripts that are followed at once. */
  readonly beams: number;
  readonly signal?: AbortSignal;
}

interface Beam {
  readonly ids: readonly number[];
  /** Nats, of all its tokens. */
  readonly sum: number;
}

interface Candidate extends Beam {
  /** The row that it goes on from. */
  readonly from: number;
}

/** The cache holds the sound, and is restarted first. Ends when as many transcripts have ended as are followed. */
export async function beamSearch(
  model: Whisper,
  tokens: WhisperTokens,
  cache: WhisperCache,
  options: BeamOptions,
): Promise<Said> {
  const { prompt, beams: count, signal } = options;
  const most = Math.min(options.mostNewTokens, model.config.targetPositions - prompt.length);
  const ended: Beam[] = [];
  let beams: Candidate[] = [{ ids: [], sum: 0, from: 0 }];
  cache.restart();
  for (let length = 0; length < most && ended.length < count; length++) {
    signal?.throwIfAborted();
    const step = length === 0 ? prompt : beams.map(({ ids }) => ids.at(-1) ?? tokens.end);
    const rows = await scoresOfRows(model, cache, step, beams.length);
    const candidates = beams.flatMap((beam, row) =>
      continued(beam, row, rows[row] ?? new Float32Array(0), tokens, options),
    );
    candidates.sort((a, b) => b.sum - a.sum);
    const best = candidates.slice(0, 2 * count);
    ended.push(...best.slice(0, count).filter(({ ids }) => ids.at(-1) === tokens.end));
    beams = best.filter(({ ids }) => ids.at(-1) !== tokens.end).slice(0, count);
    if (beams.length === 0) break;
    cache.reorder(beams.map(({ from }) => from));
  }
  const all = (ended.length > 0 ? ended : beams).map(({ ids, sum }) => ({
    ids,
    meanLogProbability: sum / Math.max(1, ids.length),
  }));
  all.sort((a, b) => b.meanLogProbability - a.meanLogProbability);
  return all[0] ?? { ids: [], meanLogProbability: 0 };
}

/** Twice as many as are followed: so many may end. */
function continued(
  beam: Beam,
  from: number,
  scores: Float32Array,
  tokens: WhisperTokens,
  { timestamps, beams }: BeamOptions,
): Candidate[] {
  applyRules(scores, { said: beam.ids, timestamps }, tokens);
  const probabilities = softmax(scores);
  const order = Uint32Array.from(scores, (_, id) => id).filter((id) => scores[id] !== -Infinity);
  order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  return Array.from(order.subarray(0, 2 * beams), (id) => ({
    ids: [...beam.ids, id],
    sum: beam.sum + Math.log(probabilities[id] ?? 0),
    from,
  }));
}

async function scoresOfRows(
  model: Whisper,
  cache: WhisperCache,
  ids: readonly number[],
  batch: number,
): Promise<Float32Array[]> {
  const { hidden, logits } = model.forward(ids, cache, { batch, lastOnly: true });
  try {
    const data = await logits.data<'float32'>();
    const width = model.config.vocabulary;
    return Array.from({ length: batch }, (_, row) => data.slice(row * width, (row + 1) * width));
  } finally {
    hidden.dispose();
    logits.dispose();
  }
}
