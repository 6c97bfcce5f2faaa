/** Words and pronunciations as tensors and back. */
import * as tf from '@tensorflow/tfjs-core';
import { greedyDecode } from '../../../ml/ctc/decode';
import { alphabetIds, encodeLetters, padRows } from '../../../ml/g2p/letters';
import type { Pronounced } from './augment';
import { nothing } from './evaluate';
import type { Entry } from './lexicon';

/** `ids` int32 `[words, longest]`, 0 for padding; for each word its phonemes as classes and the frames it has. */
export type Batch = { ids: tf.Tensor2D; labels: Int32Array[]; frames: Int32Array };

/** What the model's ids and classes stand for. */
export interface Vocabulary {
  readonly alphabet: readonly string[];
  /** Classes; the first is the blank. */
  readonly labels: readonly string[];
}

export function vocabularyOf(entries: readonly Entry[]): Vocabulary {
  const sorted = (items: Iterable<string>): string[] => [...new Set(items)].sort();
  return {
    alphabet: sorted(entries.flatMap((entry) => entry.letters)),
    labels: [nothing, ...sorted(entries.flatMap((entry) => entry.phonemes))],
  };
}

export class Encoder {
  private readonly letters: Map<string, number>;
  private readonly classes: Map<string, number>;

  constructor(
    private readonly vocabulary: Vocabulary,
    private readonly upsampling: number,
  ) {
    this.letters = alphabetIds(vocabulary.alphabet);
    this.classes = new Map(vocabulary.labels.map((label, i) => [label, i]));
  }

  batch(words: readonly Pronounced[]): Batch {
    const rows = words.map(({ letters }) => encodeLetters(letters, this.letters).ids);
    const { data, length } = padRows(rows);
    return {
      ids: tf.tensor2d(data, [words.length, length], 'int32'),
      labels: words.map(({ phonemes }) =>
        Int32Array.from(phonemes.flatMap((one) => this.classes.get(one) ?? [])),
      ),
      frames: Int32Array.from(rows, (row) => row.length * this.upsampling),
    };
  }

  /** The phonemes of classes. */
  names(labels: Iterable<number>): string[] {
    return Array.from(labels, (label) => this.vocabulary.labels[label] ?? '');
  }

  /** Best phonemes of each word of a batch from its scores `[words, frames, classes]`. */
  decode(scores: Float32Array, shape: readonly number[], frames: Int32Array): string[][] {
    const [words = 0, most = 0, classes = 0] = shape;
    return Array.from({ length: words }, (_, i) => {
      const own = scores.subarray(i * most * classes, (i + 1) * most * classes);
      return this.names(greedyDecode(own, frames[i] ?? 0, classes));
    });
  }
}
