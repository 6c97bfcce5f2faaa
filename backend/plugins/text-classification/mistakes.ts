import type { Prepared } from './data';

export interface Mistake {
  readonly text: string;
  readonly label: string;
  readonly predicted: string;
  /** The model's probability of what it predicted. */
  readonly score: number;
  /** Line of the file the example is from. */
  readonly line: number;
}

const shown = 30;

/** Collects what an evaluation got wrong; batches come in the order of the examples. */
export class Mistakes {
  private readonly found: Mistake[] = [];
  private at = 0;

  constructor(
    private readonly examples: readonly Prepared[],
    private readonly labels: readonly string[],
  ) {}

  /** For `evaluateClassifier`: the class guessed for each example of a batch and its probability. */
  readonly see = (guesses: ArrayLike<number>, scores: ArrayLike<number>): void => {
    for (let i = 0; i < guesses.length; i++) {
      const example = this.examples[this.at++];
      const predicted = this.labels[guesses[i] ?? -1];
      if (example === undefined || predicted === undefined || predicted === example.label) continue;
      const { text, label, line } = example;
      const score = Number((scores[i] ?? NaN).toFixed(4));
      this.found.push({ text: text.slice(0, 200), label, predicted, score, line });
    }
  };

  /** Those the model was surest of, first. */
  worst(): Mistake[] {
    return this.found.sort((a, b) => b.score - a.score || a.line - b.line).slice(0, shown);
  }
}
