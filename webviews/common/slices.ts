/** Long work in short pieces, so that the page stays alive. */

/** Ends the current task: input and painting come first, then the promise resolves. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** Says when a piece has run long enough. Half a frame leaves the other half for the page. */
export class Slice {
  private started: number;

  constructor(
    private readonly signal: AbortSignal,
    private readonly budgetMs = 8,
    private readonly now: () => number = () => performance.now(),
    private readonly pause: () => Promise<void> = nextTask,
  ) {
    this.started = now();
  }

  /** Gives the page a turn when it is due; rejects when nobody waits for the work any more. */
  async breathe(): Promise<void> {
    this.signal.throwIfAborted();
    if (this.now() - this.started < this.budgetMs) return;
    await this.pause();
    this.signal.throwIfAborted();
    this.started = this.now();
  }
}
