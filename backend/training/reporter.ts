/** Gathers what the trainer says and sends it at most every tenth of a second. */
import type { RunSystem } from '../../protocol/model/run';
import { Eta } from './eta';
import type { SystemProbe } from './system';
import type { FromTrainer, MetricRecord } from './trainerProtocol';

const interval = 100;

export interface ReporterOptions {
  readonly now?: () => number;
  readonly probe?: Pick<SystemProbe, 'read'> | undefined;
  /** Whether what was sent is still on its way: then the rest waits here. */
  readonly isBusy?: () => boolean;
}

export class Reporter {
  private records: MetricRecord[] = [];
  private metrics: Record<string, number> = {};
  private step = 0;
  private epoch = 0;
  private dirty = false;
  private sentAt = 0;
  private system: RunSystem | undefined;
  /** Milliseconds spent on telling and saving rather than on steps. */
  private busy = 0;
  private startedAt = performance.now();
  private readonly now: () => number;
  private readonly eta: Eta;

  constructor(
    private readonly send: (message: FromTrainer) => void,
    private readonly options: ReporterOptions = {},
  ) {
    this.now = options.now ?? Date.now;
    this.eta = new Eta(() => (options.now === undefined ? performance.now() : this.now()) / 1000);
  }

  /** Share of the time since the first step that went into metrics, events and checkpoints. */
  get overhead(): number {
    return this.busy / Math.max(1, performance.now() - this.startedAt);
  }

  progress(step: number, epoch: number): void {
    const began = performance.now();
    this.step = step;
    this.epoch = epoch;
    this.dirty = true;
    this.eta.progress(step, epoch);
    this.sendWhenDue();
    this.busy += performance.now() - began;
  }

  /** Values of one step or epoch. */
  add(step: number, epoch: number, values: Readonly<Record<string, number>>): void {
    const began = performance.now();
    this.keep(step, epoch, values);
    this.step = step;
    this.epoch = epoch;
    this.dirty = true;
    this.sendWhenDue();
    this.busy += performance.now() - began;
  }

  /** Counts `work`, a checkpoint, among what is no step. */
  async saving<T>(work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.busy += performance.now() - began;
    }
  }

  /** The newest values by name, shown on the run itself. */
  setMetrics(metrics: Readonly<Record<string, number>>): void {
    this.metrics = { ...metrics };
    this.dirty = true;
  }

  /** Everything held back is sent before `message`. */
  sendNow(message: FromTrainer): void {
    if (message.type === 'started') {
      this.eta.start(message);
      this.startedAt = performance.now();
      this.busy = 0;
      // A resumed run is there already: it must not be shown at its beginning.
      this.step = message.step;
      this.epoch = message.epoch;
    }
    this.flush();
    this.send(message);
  }

  flush(): void {
    this.sentAt = this.now();
    if (!this.dirty) return;
    this.dirty = false;
    this.readSystem();
    const { step, epoch, metrics, records, system } = this;
    const etaSeconds = this.eta.seconds;
    this.records = [];
    this.send({
      type: 'progress',
      step,
      epoch,
      metrics,
      records,
      ...(etaSeconds === undefined ? {} : { etaSeconds }),
      ...(system === undefined ? {} : { system }),
    });
  }

  private keep(step: number, epoch: number, values: Readonly<Record<string, number>>): void {
    this.records.push({ step, epoch, at: this.now(), values: finite(values) });
  }

  private readSystem(): void {
    const reading = this.options.probe?.read();
    if (reading === undefined) return;
    this.system = reading.system;
    if (Object.keys(reading.points).length === 0) return;
    this.keep(this.step, this.epoch, { ...reading.points, 'system/overhead': 100 * this.overhead });
  }

  private sendWhenDue(): void {
    if (this.now() - this.sentAt >= interval && this.options.isBusy?.() !== true) this.flush();
  }
}

type Values = Readonly<Record<string, number>>;

/** The same object where all of them are: it is asked at each step. */
function finite(values: Values): Values {
  for (const name in values) {
    if (!Number.isFinite(values[name]))
      return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)));
  }
  return values;
}
