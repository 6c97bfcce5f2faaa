/** Which of two values of a metric is the better one. */

/** Losses, error rates and distances are best low; accuracies and F1 high. */
export function lowerIsBetter(metric: string): boolean {
  return /(^|_)(loss|per|wer|cer|mcd|mae|mse|rmse|error|error_ms|perplexity)$/.test(metric);
}

export function isBetter(metric: string, value: number, than: number | undefined, minDelta = 0): boolean {
  if (!Number.isFinite(value)) return false;
  if (than === undefined) return true;
  return lowerIsBetter(metric) ? value < than - minDelta : value > than + minDelta;
}

interface PatienceState {
  readonly best?: number | undefined;
  readonly waited: number;
}

/** Counts the epochs in which a metric did not get better. */
export class Patience {
  constructor(
    private readonly metric: string,
    private readonly minDelta: number,
    private state: PatienceState = { waited: 0 },
  ) {}

  get snapshot(): PatienceState {
    return { ...this.state };
  }

  /** Epochs since the last better value. */
  observe(value: number): number {
    const better = isBetter(this.metric, value, this.state.best, this.minDelta);
    this.state = better ? { best: value, waited: 0 } : { ...this.state, waited: this.state.waited + 1 };
    return this.state.waited;
  }
}
