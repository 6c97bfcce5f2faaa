/** Epochs, batch and model sizes that suit the amount of data. Pure. */
import type { DataFacts } from './dataFacts';

export interface Sizes {
  readonly training: Readonly<Record<string, unknown>>;
  readonly model?: Readonly<Record<string, unknown>>;
}

/** Steps that a small network of each task needs to come to rest, by experience with the samples. */
const steps: Readonly<Record<string, number>> = {
  'tabular-classification': 2500,
  'text-classification': 1500,
  'audio-classification': 1200,
  'grapheme-to-phoneme': 4000,
  'speech-recognition': 2500,
  'text-to-speech': 3000,
};
const mostEpochs = 60;
const sequences: readonly string[] = ['grapheme-to-phoneme', 'speech-recognition', 'text-to-speech'];

export function sizesFor(task: string, facts: DataFacts | undefined): Sizes {
  const items = facts?.items ?? 1000;
  const batchSize = batchFor(items);
  const perEpoch = Math.max(1, Math.ceil(items / batchSize));
  const wanted = Math.round((steps[task] ?? 2000) / perEpoch);
  const epochs = Math.max(5, Math.min(mostEpochs, wanted));
  const sequence = sequences.includes(task);
  const optimizer = sequence
    ? { type: 'adamw', learningRate: 0.0015 }
    : { type: 'adam', learningRate: task === 'text-classification' ? 0.001 : 0.002 };
  return {
    training: {
      epochs,
      batchSize,
      seed: 1,
      optimizer,
      schedule: { type: 'cosine', warmupSteps: Math.min(50, perEpoch) },
      // A model of sequences gets better in jumps: it is given all its epochs.
      ...(sequence ? { clipNorm: 1 } : { earlyStopping: earlyStopping(epochs) }),
    },
    ...(task === 'audio-classification' && facts !== undefined ? { model: audioModel(facts) } : {}),
  };
}

/** Powers of two, some twenty steps an epoch, so that small data is not one batch and large data is not slow. */
export function batchFor(items: number): number {
  const aim = 2 ** Math.round(Math.log2(Math.max(1, items / 20)));
  const most = Math.max(1, 2 ** Math.floor(Math.log2(Math.max(1, items / 4))));
  return Math.min(most, Math.max(4, Math.min(64, aim)));
}

function earlyStopping(epochs: number) {
  return { monitor: 'val_loss', patience: Math.max(3, Math.round(epochs / 4)) };
}

/** As long as the clips are, at a rate that all of them have. */
function audioModel({ clipSeconds = 1, lowestRate = 16_000 }: DataFacts): Record<string, unknown> {
  const seconds = Math.min(30, Math.max(0.5, Math.ceil(clipSeconds * 10) / 10));
  const sampleRate = Math.min(16_000, Math.max(4000, lowestRate));
  return { seconds, sampleRate };
}
