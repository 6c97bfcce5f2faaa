/** Gathers what the trainer says and sends it at most every tenth of a second. */
import type { FromTrainer } from './trainerProtocol';

const interval = 100;

type Progress = Extract<FromTrainer, { type: 'progress' }>;

export class Reporter {
  private points: Progress['points'] = [];
  private metrics: Record<string, number> = {};
  private step = 0;
  private epoch = 0;
  private dirty = false;
  private sentAt = 0;

  constructor(
    private readonly send: (message: FromTrainer) => void,
    private readonly now: () => number = Date.now,
  ) {}

  progress(step: number, epoch: number): void {
    this.step = step;
    this.epoch = epoch;
    this.dirty = true;
    this.sendWhenDue();
  }

  /** Values of one step or epoch. */
  add(step: number, epoch: number, values: Readonly<Record<string, number>>): void {
    const at = new Date(this.now()).toISOString();
    for (const [name, value] of Object.entries(values)) {
      if (Number.isFinite(value)) this.points.push({ step, epoch, name, value, at });
    }
    this.progress(step, epoch);
  }

  /** The newest values by name, shown on the run itself. */
  setMetrics(metrics: Readonly<Record<string, number>>): void {
    this.metrics = { ...metrics };
    this.dirty = true;
  }

  /** Everything held back is sent before `message`. */
  sendNow(message: FromTrainer): void {
    this.flush();
    this.send(message);
  }

  flush(): void {
    this.sentAt = this.now();
    if (!this.dirty) return;
    this.dirty = false;
    const { step, epoch, metrics, points } = this;
    this.points = [];
    this.send({ type: 'progress', step, epoch, metrics, points });
  }

  private sendWhenDue(): void {
    if (this.now() - this.sentAt >= interval) this.flush();
  }
}
