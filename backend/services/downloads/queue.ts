/** Which file is fetched next: a fixed number at once over all downloads, the first download of the queue first. */
import type { Job } from './job';

export interface QueueOptions {
  /** Files at once; may change at any time. */
  readonly slots: () => number;
  /** Fetches the job's next file; never rejects. */
  readonly runFile: (job: Job) => Promise<void>;
  /** Told of a job whose files all had to give way to those of earlier ones. */
  readonly onRest: (job: Job) => void;
}

export class Queue {
  private readonly jobs = new Map<string, Job>();
  private busy = 0;
  private open = false;

  constructor(private readonly options: QueueOptions) {}

  /** Nothing is fetched before. */
  start(): void {
    this.open = true;
    this.pump();
  }

  stop(): void {
    this.open = false;
  }

  get size(): number {
    return this.jobs.size;
  }

  /** In the order of the queue. */
  list(): Job[] {
    return [...this.jobs.values()].sort((a, b) => a.position - b.position);
  }

  get(id: string): Job | undefined {
    return this.jobs.get(id);
  }

  holds(job: Job): boolean {
    return this.jobs.get(job.id) === job;
  }

  add(job: Job): void {
    this.jobs.set(job.id, job);
    this.pump();
  }

  /** Takes it off the queue; its connections are the caller's to end. */
  take(id: string): Job | undefined {
    const job = this.jobs.get(id);
    this.jobs.delete(id);
    return job;
  }

  /** Gives each free slot the next file, and takes back slots that are too many or that an earlier download should have. */
  pump(): void {
    if (!this.open) return;
    const slots = this.options.slots();
    while (this.busy < slots) {
      const job = this.list().find((candidate) => candidate.pending > 0);
      if (job === undefined) break;
      this.run(job);
    }
    this.takeBack(this.busy - slots);
  }

  private run(job: Job): void {
    this.busy += 1;
    void this.options.runFile(job).finally(() => {
      this.busy -= 1;
      this.pump();
      if (this.holds(job) && job.rest()) this.options.onRest(job);
    });
  }

  private takeBack(excess: number): void {
    const jobs = this.list();
    const leaving = jobs.reduce((sum, job) => sum + job.yielding, 0);
    for (let left = excess - leaving; left > 0; left -= 1) {
      if (!jobs.toReversed().some((job) => job.yieldOne())) return;
    }
    const first = jobs.find((job) => job.pending > 0);
    if (first === undefined) return;
    const later = jobs.filter((job) => job.position > first.position).reverse();
    for (let wanted = first.pending - leaving; wanted > 0; wanted -= 1) {
      if (!later.some((job) => job.yieldOne())) return;
    }
  }
}
