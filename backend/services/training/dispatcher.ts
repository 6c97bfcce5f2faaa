/** Starts queued runs while there is room, and holds those that run. */
import type { Logger } from 'pino';
import type { Run } from '../../../protocol/model/run';
import type { JobsStore } from '../../stores/jobs';
import type { RunsStore } from '../../stores/runs';
import type { ActiveRun } from './activeRun';

/** Milliseconds until the queue is looked at again after a failure: nothing else may ever ask. */
const retryPause = 5000;

export interface DispatcherOptions {
  readonly jobs: JobsStore;
  readonly runs: RunsStore;
  readonly log: Logger;
  /** How many may run at once, when asked. */
  readonly room: () => number;
  /** Begins a run that this backend has just taken. */
  readonly launch: (run: Run) => ActiveRun;
}

export class Dispatcher {
  private readonly active = new Map<string, ActiveRun>();
  private pumping: Promise<void> = Promise.resolve();
  private retry: NodeJS.Timeout | undefined;
  /** Nothing runs before it is known what an earlier backend left. */
  private opened = false;
  private closing = false;

  constructor(private readonly options: DispatcherOptions) {}

  get ids(): string[] {
    return [...this.active.keys()];
  }

  get(id: string): ActiveRun | undefined {
    return this.active.get(id);
  }

  open(): void {
    this.opened = true;
    this.pump();
  }

  /** Something may have room, or something may wait. */
  pump(): void {
    this.pumping = this.pumping
      .then(() => this.fill())
      .catch((error: unknown) => {
        this.options.log.error({ err: error }, 'the queue of runs cannot be read');
        if (this.closing) return;
        clearTimeout(this.retry);
        this.retry = setTimeout(() => this.pump(), retryPause);
      });
  }

  /** Ends every trainer at a checkpoint where it can, within a second; their runs are interrupted. */
  async close(): Promise<void> {
    this.closing = true;
    clearTimeout(this.retry);
    await this.pumping;
    for (const active of this.active.values()) active.stop('close');
    await Promise.all([...this.active.values()].map((active) => active.ended));
  }

  private async fill(): Promise<void> {
    const { jobs, runs, launch, room } = this.options;
    while (this.opened && !this.closing && this.active.size < room()) {
      const run = await jobs.take((tx, id) => runs.begin(id, tx));
      if (run === undefined) return;
      this.hold(launch(run));
    }
  }

  private hold(active: ActiveRun): void {
    const { jobs, log } = this.options;
    this.active.set(active.id, active);
    void active.ended
      .then(() => jobs.remove(active.id))
      // Left behind, its job is swept later; the run itself is over.
      .catch((error: unknown) => log.warn({ err: error, run: active.id }, 'a job could not be removed'))
      .finally(() => {
        this.active.delete(active.id);
        this.pump();
      });
  }
}
