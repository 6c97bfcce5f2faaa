/** One run while its trainer lives: messages become rows, rows become events, and its end is always one of the states. */
import type { Logger } from 'pino';
import type { MetricPoint, Run, RunState } from '../../../protocol/model/run';
import { toStudioError } from '../../../protocol/wire/errors';
import type { CheckpointsStore } from '../../stores/checkpoints';
import type { MetricsStore } from '../../stores/metrics';
import type { RunPatch, RunsStore } from '../../stores/runs';
import { exitReason } from '../../training/exitReason';
import { TrainerProcess, type TrainerExit } from '../../training/trainerProcess';
import { pointsOf, type FromTrainer, type StartMessage } from '../../training/trainerProtocol';

/** Longest that metrics and progress wait before they are written, in milliseconds. */
const flushInterval = 250;
/**
 * A trainer asked to stop is ended by force after this time, in milliseconds: a run must stop within a second, and on a
 * busy machine the rest of it goes by until its end is stored. Before its first step there is nothing to keep.
 */
const stopGrace = { starting: 150, training: 750 };

/** What a trainer is started with. */
export interface Launch {
  readonly entry: string;
  readonly start: StartMessage;
}

export interface ActiveRunOptions {
  /** As it became `running`. */
  readonly run: Run;
  /** What has to happen before the process starts; rejects with why it cannot. */
  readonly prepare: () => Promise<Launch>;
  readonly runs: RunsStore;
  readonly checkpoints: CheckpointsStore;
  readonly metrics: MetricsStore;
  readonly log: Logger;
  readonly changed: (run: Run) => void;
  /** The output stands; answers what more to record on the run. */
  readonly completed: (run: Run, metrics: Readonly<Record<string, number>>) => Promise<RunPatch>;
}

type Message<T extends FromTrainer['type']> = Extract<FromTrainer, { type: T }>;

export class ActiveRun {
  /** Resolves when the process is gone and the run's last state is stored. */
  readonly ended: Promise<void>;
  private trainer: TrainerProcess | undefined;
  private readonly points: MetricPoint[] = [];
  private patch: RunPatch = {};
  /** Writes happen one after the other, in the order of the messages. */
  private writing: Promise<void> = Promise.resolve();
  private flushTimer: NodeJS.Timeout | undefined;
  private killTimer: NodeJS.Timeout | undefined;
  private stepsTotal = 0;
  private started = false;
  private asked: 'stop' | 'close' | undefined;
  private verdict: Message<'ended'> | Message<'failed'> | undefined;

  constructor(private readonly options: ActiveRunOptions) {
    this.ended = this.live();
  }

  get id(): string {
    return this.options.run.id;
  }

  /** `close`: the backend is ending, and the run may be resumed later. */
  stop(why: 'stop' | 'close'): void {
    this.asked ??= why;
    this.trainer?.stop();
    const grace = this.started ? stopGrace.training : stopGrace.starting;
    this.killTimer ??= setTimeout(() => this.trainer?.kill(), grace);
  }

  private async live(): Promise<void> {
    const { log } = this.options;
    try {
      const launch = await this.options.prepare();
      // Asked to stop before there was anything to stop.
      if (this.asked !== undefined) return await this.end({ state: this.stateAsked(this.asked) });
      const exit = await this.train(launch);
      clearTimeout(this.killTimer);
      this.write(() => this.flush());
      await this.writing;
      await this.end(await this.lastState(exit));
    } catch (error) {
      log.error({ err: error }, 'a run could not be started');
      const { kind, message, retryable } = toStudioError(error);
      await this.end({ state: 'failed', error: { kind, message, retryable } });
    }
  }

  private train({ entry, start }: Launch): Promise<TrainerExit> {
    const { log } = this.options;
    return new Promise((resolve) => {
      this.trainer = new TrainerProcess(entry, start, {
        message: (message) => this.onMessage(message),
        exit: resolve,
        noise: (line) => log.debug({ line }, 'the trainer says'),
      });
      const pid = this.trainer.pid ?? null;
      this.write(() => this.store({ pid }));
    });
  }

  private async end(last: RunPatch): Promise<void> {
    clearTimeout(this.killTimer);
    const endedAt = new Date().toISOString();
    this.write(() => this.store({ pid: null, etaSeconds: null, system: null, endedAt, ...last }));
    await this.writing;
  }

  private stateAsked(asked: 'stop' | 'close'): RunState {
    return asked === 'close' ? 'interrupted' : 'stopped';
  }

  private onMessage(message: FromTrainer): void {
    switch (message.type) {
      case 'started':
        this.started = true;
        return this.write(() => this.onStarted(message));
      case 'progress':
        return this.onProgress(message);
      case 'checkpoint':
        return this.write(() => this.onCheckpoint(message));
      case 'ended':
      case 'failed':
        this.verdict = message;
        return;
      case 'measured':
      // The answer to another question, which no run is asked.
    }
  }

  private async onStarted(message: Message<'started'>): Promise<void> {
    const { log, metrics, run } = this.options;
    this.stepsTotal = message.stepsPerEpoch * message.epochs;
    if (message.damaged.length > 0) log.warn({ damaged: message.damaged }, 'checkpoints that cannot be used');
    // A resumed run takes these steps again: one curve, not two.
    await metrics.removeAfter(run.id, message.step);
    await metrics.insertMissing(run.id, pointsOf(message.told));
    const { engine, engineReason, step, epoch, epochs, details } = message;
    const notice = message.damaged.length === 0 ? null : damagedNotice(message);
    const progress = this.progressAt(step);
    await this.store({
      engine,
      engineReason,
      step,
      epoch,
      epochs,
      progress,
      details: { ...details, notice },
    });
  }

  private onProgress(message: Message<'progress'>): void {
    const { step, epoch, metrics, records, etaSeconds, system } = message;
    for (const point of pointsOf(records)) this.points.push(point);
    const progress = this.progressAt(step);
    this.patch = { ...this.patch, step, epoch, metrics, progress, etaSeconds, system };
    this.flushTimer ??= setTimeout(() => this.write(() => this.flush()), flushInterval);
  }

  private async onCheckpoint(message: Message<'checkpoint'>): Promise<void> {
    const { checkpoints, run } = this.options;
    const { folder, epoch, step, loss, accuracy, best, removed } = message;
    const optional = accuracy === undefined ? {} : { accuracy };
    await checkpoints.add({ runId: run.id, epoch, step, loss, ...optional, path: folder, best });
    for (const old of removed) await checkpoints.removeByPath(old);
    await this.flush();
  }

  private async flush(): Promise<void> {
    clearTimeout(this.flushTimer);
    this.flushTimer = undefined;
    const points = this.points.splice(0);
    const patch = this.patch;
    this.patch = {};
    try {
      await this.options.metrics.insertMany(this.id, points);
    } catch (error) {
      // Kept for the next attempt: the database may come back before the run ends.
      this.points.unshift(...points);
      this.patch = { ...patch, ...this.patch };
      throw error;
    }
    if (Object.keys(patch).length > 0) await this.store(patch);
  }

  private async store(patch: RunPatch): Promise<Run> {
    const run = await this.options.runs.patch(this.id, patch);
    this.options.changed(run);
    return run;
  }

  private write(work: () => Promise<unknown>): void {
    this.writing = this.writing
      .then(work)
      .catch((error: unknown) => this.options.log.error({ err: error }, 'a run could not be recorded'))
      .then(() => undefined);
  }

  private async lastState(exit: TrainerExit): Promise<RunPatch> {
    const { verdict, asked } = this;
    if (verdict?.type === 'ended' && verdict.state === 'completed') return this.complete(verdict);
    if (verdict?.type === 'failed') {
      const { kind, message, retryable } = verdict.failure;
      this.options.log.warn({ failure: verdict.failure, stack: verdict.stack }, 'a run failed');
      return { state: 'failed', error: { kind, message, retryable } };
    }
    if (asked === 'close') return { state: 'interrupted' };
    if (asked === 'stop' || verdict !== undefined) return { state: this.stateAsked('stop') };
    const { state, failure } = exitReason(exit);
    this.options.log.warn({ exit, state }, 'a trainer ended on its own');
    return { state, error: failure };
  }

  private async complete(verdict: Message<'ended'>): Promise<RunPatch> {
    const { run, log, completed } = this.options;
    const done: RunPatch = {
      state: 'completed',
      progress: 1,
      step: verdict.step,
      epoch: verdict.epoch,
      metrics: verdict.metrics,
      details: {
        early: verdict.early,
        ...(verdict.notice === undefined ? {} : { notice: verdict.notice }),
      },
    };
    try {
      return { ...done, ...(await completed(run, verdict.metrics)) };
    } catch (error) {
      // The model stands on disk; only its entry in the library is missing.
      log.error({ err: error }, 'the trained model could not be registered');
      return done;
    }
  }

  private progressAt(step: number): number {
    return this.stepsTotal === 0 ? 0 : Math.min(1, step / this.stepsTotal);
  }
}

/** Says on the run itself that it lost ground, and why. */
function damagedNotice({ damaged, step, epoch }: Message<'started'>): string {
  const from =
    step === 0 ? 'it starts again from the beginning' : `it goes on from epoch ${epoch}, step ${step}`;
  return `The newest checkpoint cannot be used, so ${from}. ${damaged.join('. ')}.`;
}
