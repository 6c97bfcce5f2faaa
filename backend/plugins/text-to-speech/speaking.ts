/** What the voice makes of utterances, and how fast it speaks. */
import * as tf from '@tensorflow/tfjs-core';
import { restoreMels } from '../../../ml/voice/features';
import { durationsOf } from '../../../ml/voice/frames';
import { breathe } from '../../sdk/breathe';
import { toBatch, type Utterance } from './batches';
import type { MeanLosses, Spoken } from './evaluate';
import type { VoiceNetwork } from './network';

const evaluationBatch = 16;

/** What foretold lengths are multiplied by to last as long as the recordings: means of logarithms are too short. */
export async function paceOf(
  network: VoiceNetwork,
  utterances: readonly Utterance[],
  mels: number,
  stop: AbortSignal,
): Promise<number> {
  let [truth, foretold] = [0, 0];
  for (const part of inParts(utterances)) {
    const batch = toBatch(part, mels);
    const lengths = tf.tidy(() => network.encode(batch.ids, false)[1]);
    const values = await lengths.data<'float32'>();
    const sounds = lengths.shape[1];
    part.forEach(({ ids, frames }, i) => {
      truth += frames;
      for (let n = 0; n < ids.length; n++) foretold += Math.exp(values[i * sounds + n] ?? 0);
    });
    tf.dispose([batch, lengths]);
    await breathe();
    stop.throwIfAborted();
  }
  return Math.min(10, Math.max(0.1, truth / Math.max(1e-6, foretold)));
}

export interface Speaking {
  readonly mels: number;
  readonly pace: number;
  readonly figures: { readonly mean: readonly number[]; readonly deviation: readonly number[] };
  readonly stop: AbortSignal;
}

/** What the voice says of each, and the mean losses with the true lengths. */
export async function speakAll(
  network: VoiceNetwork,
  utterances: readonly Utterance[],
  { mels, pace, figures, stop }: Speaking,
): Promise<{ spoken: Spoken[]; losses: MeanLosses }> {
  const spoken: Spoken[] = [];
  const sums = { total: 0, mel: 0, duration: 0 };
  const plain = (normal: Float32Array): Float32Array => {
    const copy = normal.slice();
    restoreMels(copy, figures.mean, figures.deviation);
    return copy;
  };
  for (const part of inParts([...utterances].sort((a, b) => a.frames - b.frames))) {
    const batch = toBatch(part, mels);
    let durations: readonly Int32Array[] = [];
    const [losses, logDurations] = tf.tidy(() => {
      const foretold = network.foretell(batch, false);
      durations = foretold.durations;
      const { total, mel, duration } = foretold.losses;
      return [tf.stack([total, mel, duration]), foretold.logDurations] as const;
    });
    const lengths = await logDurations.data<'float32'>();
    const sounds = logDurations.shape[1];
    const [total = NaN, mel = NaN, duration = NaN] = await losses.data<'float32'>();
    sums.total += total * part.length;
    sums.mel += mel * part.length;
    sums.duration += duration * part.length;
    const own = part.map(({ ids }, i) =>
      durationsOf(lengths.subarray(i * sounds, i * sounds + ids.length), pace),
    );
    const sound = tf.tidy(() => network.decode(network.encode(batch.ids, false)[0], own, false));
    const values = await sound.data<'float32'>();
    const stride = sound.shape[1] * mels;
    part.forEach((utterance, i) => {
      const [mine = new Int32Array(), best = new Int32Array()] = [own[i], durations[i]];
      const frames = mine.reduce((sum, each) => sum + each, 0);
      const off = mine.reduce((sum, each, n) => sum + Math.abs(each - (best[n] ?? 0)), 0);
      spoken.push({
        utterance,
        own: plain(values.subarray(i * stride, i * stride + frames * mels)),
        truth: plain(utterance.mels),
        durationError: off / Math.max(1, mine.length),
      });
    });
    tf.dispose([batch, logDurations, sound, losses]);
    await breathe();
    stop.throwIfAborted();
  }
  const count = Math.max(1, utterances.length);
  return {
    spoken,
    losses: { total: sums.total / count, mel: sums.mel / count, duration: sums.duration / count },
  };
}

function* inParts(utterances: readonly Utterance[]): Generator<readonly Utterance[]> {
  for (let from = 0; from < utterances.length; from += evaluationBatch)
    yield utterances.slice(from, from + evaluationBatch);
}
