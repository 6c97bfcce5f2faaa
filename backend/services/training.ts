/** Training runs: checked, queued, each in a process of its own, recorded, resumable. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import type { ConfigSource } from '../../protocol/api/training';
import type { Model } from '../../protocol/model/model';
import type { PluginInfo, PluginSource, TrainingTaskInfo } from '../../protocol/model/plugin';
import type {
  Checkpoint,
  ConfigProblem,
  EpochSamples,
  MetricPoint,
  Run,
  RunEstimate,
  RunState,
} from '../../protocol/model/run';
import type { SamplePictures } from '../../protocol/model/samplePictures';
import type { EngineChoice, Settings } from '../../protocol/model/settings';
import { isStudioError, StudioError } from '../../protocol/wire/errors';
import { TypedEmitter, type EntityEvents } from '../events';
import type { CheckpointsStore } from '../stores/checkpoints';
import type { JobsStore } from '../stores/jobs';
import type { MetricsStore } from '../stores/metrics';
import type { ModelsStore } from '../stores/models';
import type { RunPatch, RunsStore } from '../stores/runs';
import { findUp } from '../training/engines/place';
import { readPictures, readSamples } from '../training/samples';
import { ActiveRun, type Launch } from './training/activeRun';
import { Configs } from './training/configs';
import { Dispatcher } from './training/dispatcher';
import { estimateRun } from './training/estimate';
import { exportMetrics, type ExportedMetrics, type ExportRequest } from './training/exportMetrics';
import { checkpointsFolder, reconcileCheckpoints, runFolder } from './training/reconcile';
import { thinPoints } from './training/thinPoints';
import { trainedModel } from './training/trainedModel';

export interface TrainingServiceOptions {
  readonly runs: RunsStore;
  readonly jobs: JobsStore;
  readonly checkpoints: CheckpointsStore;
  readonly metrics: MetricsStore;
  readonly models: ModelsStore;
  readonly log: Logger;
  readonly storagePath: string;
  /** What no path of a config may leave; without one, the config's own folder. */
  readonly workspacePath: string | undefined;
  /** The settings in force when asked. */
  readonly settings: () => Settings;
  /** A finished run put a model into the library. */
  readonly onModel: (model: Model) => void;
  /** The trainer's bundle; beside this one by default. */
  readonly trainerEntry?: string;
  /** Folders of task plugins; the shipped one by default. */
  readonly pluginFolders?: readonly string[];
  /** Modules of other extensions. */
  readonly contributed?: readonly PluginSource[] | undefined;
  /** Folder of the workspace's own plugins; absent where the workspace is not trusted. */
  readonly workspacePlugins?: string | undefined;
  /** `pluginWorker.js`; beside this bundle by default. */
  readonly pluginWorkerEntry?: string;
  /** Milliseconds between two looks for what other backends of a shared server left when they died. */
  readonly sweepInterval?: number;
}

const unfinished: readonly RunState[] = ['queued', 'running', 'stopping'];
const resumable: readonly RunState[] = ['stopped', 'interrupted', 'failed'];
const defaultSweepInterval = 5000;

export class TrainingService extends TypedEmitter<EntityEvents<Run>> {
  private readonly configs: Configs;
  private readonly dispatcher: Dispatcher;
  private sweeping: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: TrainingServiceOptions) {
    super();
    const { runs, jobs, log, settings, storagePath, workspacePath } = options;
    this.configs = new Configs({
      storagePath,
      workspacePath,
      pluginFolders: options.pluginFolders,
      contributed: options.contributed,
      workspacePlugins: options.workspacePlugins,
      pluginWorkerEntry: options.pluginWorkerEntry,
      unfinished: async () => (await runs.list()).filter((run) => unfinished.includes(run.state)),
      engine: () => this.engineSetting(),
    });
    const room = (): number => settings().training?.maxParallelRuns ?? 1;
    this.dispatcher = new Dispatcher({ jobs, runs, log, room, launch: (run) => this.launch(run) });
  }

  /** Needs no database. */
  plugins(onArrival?: (plugins: readonly PluginInfo[]) => void): Promise<readonly PluginInfo[]> {
    return this.configs.plugins(onArrival);
  }

  /** Goya's own; needs no database and waits for nobody. */
  shippedPlugins(): Promise<readonly PluginInfo[]> {
    return this.configs.shippedPlugins();
  }

  /** In the place of those that other extensions contributed before. */
  contribute(
    plugins: readonly PluginSource[],
    onArrival?: (plugins: readonly PluginInfo[]) => void,
  ): Promise<readonly PluginInfo[]> {
    return this.configs.contribute(plugins, onArrival);
  }

  /** Needs no database. */
  tasks(): Promise<TrainingTaskInfo[]> {
    return this.configs.tasks();
  }

  validate(source: ConfigSource): Promise<{ ok: boolean; problems: ConfigProblem[] }> {
    return this.configs.validate(source);
  }

  /** Takes some seconds and writes nothing; needs no database. Throws as `start` does, and `cancelled`. */
  async estimate(source: ConfigSource, signal: AbortSignal): Promise<RunEstimate> {
    const config = await this.configs.measurable(source);
    const { storagePath, log } = this.options;
    const { entry, task } = await this.trainerOf(config.task);
    const engine = config.engine ?? this.engineSetting();
    return estimateRun({
      entry,
      trial: { type: 'trial', config: config.source, basePath: config.basePath, task, engine, storagePath },
      signal,
      noise: (line) => log.debug({ line }, 'a trial says'),
    });
  }

  /** Throws `training.invalidConfig`, `training.invalidData` or `engine.unavailable` before anything exists. */
  async start({ priority, ...source }: ConfigSource & { priority?: number | undefined }): Promise<Run> {
    const { runs, jobs, storagePath } = this.options;
    const config = await this.configs.runnable(source);
    const input = {
      id: randomUUID(),
      name: config.name,
      task: config.task,
      epochs: config.training.epochs,
      config: config.source,
      configPath: config.configPath,
      outputPath: config.outputPath,
      details: { basePath: config.basePath, dataPaths: config.dataPaths, storagePath },
      priority: priority ?? config.priority,
    };
    const run = this.announce(await jobs.enqueue((tx) => runs.create(input, tx)));
    this.dispatcher.pump();
    return run;
  }

  /** More runs may have room now. */
  settingsChanged(): void {
    this.dispatcher.pump();
  }

  get(id: string): Promise<Run> {
    return this.options.runs.get(id);
  }

  list(state?: RunState): Promise<Run[]> {
    return this.options.runs.list({ state });
  }

  async stop(id: string): Promise<Run> {
    const { runs, jobs } = this.options;
    const active = this.dispatcher.get(id);
    if (active !== undefined) return this.stopActive(active);
    try {
      const patch: RunPatch = { state: 'stopped', endedAt: new Date().toISOString() };
      const run = await runs.patch(id, patch, ['queued']);
      await jobs.remove(id);
      return this.announce(run);
    } catch (error) {
      // Its turn came while it was asked to stop.
      const begun = this.dispatcher.get(id);
      if (begun === undefined || !isStudioError(error, 'training.invalidState')) throw error;
      return this.stopActive(begun);
    }
  }

  /** Rejects with `training.invalidState` for a run that does not wait. */
  async prioritize(id: string, priority: number): Promise<Run> {
    const { runs, jobs } = this.options;
    return this.announce(
      await jobs.prioritize(id, priority, (tx) => runs.patch(id, { priority }, ['queued'], tx)),
    );
  }

  /** Goes on from the newest checkpoint that is whole, or from the start when there is none. */
  async resume(id: string): Promise<Run> {
    const { runs, jobs } = this.options;
    const { run, details } = await runs.details(id);
    if (!resumable.includes(run.state)) throw this.notNow(run, 'resumed');
    await this.configs.runnable({ config: run.config, basePath: basePathOf(run, details) }, id);
    const patch: RunPatch = { state: 'queued', error: null, endedAt: null, details: { resume: true } };
    const queued = this.announce(await jobs.enqueue((tx) => runs.patch(id, patch, resumable, tx)));
    this.dispatcher.pump();
    return queued;
  }

  async remove(id: string): Promise<Run> {
    const { runs } = this.options;
    const { run, details } = await runs.details(id);
    if (unfinished.includes(run.state)) throw this.notNow(run, 'removed');
    await runs.remove(id);
    await rm(runFolder(this.storageOf(details), id), { recursive: true, force: true, maxRetries: 3 });
    this.emit('removed', id);
    return run;
  }

  /** In the order of their steps; see the request for `maxPoints`. */
  async metrics(
    id: string,
    { since, maxPoints }: { since?: string | undefined; maxPoints?: number | undefined } = {},
  ): Promise<MetricPoint[]> {
    await this.options.runs.get(id);
    if (maxPoints === undefined) return this.options.metrics.list(id, since);
    return thinPoints(await this.options.metrics.listExtremes(id, maxPoints, since), maxPoints);
  }

  /** Rejects with `training.outputFailed` when it cannot be written. */
  export(request: ExportRequest): Promise<ExportedMetrics> {
    const { runs, metrics } = this.options;
    return exportMetrics({ runs, metrics }, request);
  }

  async checkpoints(id: string): Promise<Checkpoint[]> {
    await this.options.runs.get(id);
    return this.options.checkpoints.list(id);
  }

  async samples(id: string): Promise<EpochSamples[]> {
    await this.options.runs.get(id);
    return readSamples(await this.checkpointsOf(id));
  }

  async pictures(id: string, epoch: number): Promise<SamplePictures[]> {
    await this.options.runs.get(id);
    return readPictures(await this.checkpointsOf(id), epoch);
  }

  /**
   * What a dead backend left running is interrupted (its trainers end by themselves); what it left queued runs now. On a
   * server that others share, looked at again for as long as this backend lives.
   */
  async recover(): Promise<void> {
    try {
      await this.takeOver();
    } finally {
      this.dispatcher.open();
    }
    if (this.closed || !(await this.options.jobs.isShared())) return;
    const interval = this.options.sweepInterval ?? defaultSweepInterval;
    this.sweeping = setInterval(() => {
      this.takeOver()
        .catch((error: unknown) => this.options.log.warn({ err: error }, 'other backends cannot be seen'))
        .finally(() => this.dispatcher.pump());
    }, interval).unref();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.sweeping);
    await this.dispatcher.close();
  }

  private async takeOver(): Promise<void> {
    const { runs, jobs, checkpoints } = this.options;
    for (const run of await runs.interruptUnfinished(this.dispatcher.ids)) {
      await reconcileCheckpoints(run.id, await this.checkpointsOf(run.id), checkpoints);
      this.announce(run);
    }
    await jobs.ensure(await runs.claimQueued());
    await jobs.sweep();
  }

  private async stopActive(active: ActiveRun): Promise<Run> {
    const { runs } = this.options;
    // First of all: the second that a stop may take counts from here, and the database may be busy.
    active.stop('stop');
    try {
      return this.announce(await runs.patch(active.id, { state: 'stopping' }, ['running']));
    } catch (error) {
      const current = await runs.get(active.id);
      // It was quicker, or somebody asked before.
      if (current.state === 'stopping' || current.state === 'stopped') return current;
      throw error;
    }
  }

  private engineSetting(): EngineChoice {
    return this.options.settings().training?.engine ?? 'auto';
  }

  private launch(run: Run): ActiveRun {
    const { runs, checkpoints, metrics, log } = this.options;
    this.announce(run);
    return new ActiveRun({
      run,
      prepare: () => this.prepare(run),
      runs,
      checkpoints,
      metrics,
      log: log.child({ run: run.id }),
      changed: (changed) => this.emit('changed', changed),
      completed: (done, figures) => this.register(done, figures),
    });
  }

  private async prepare(run: Run): Promise<Launch> {
    const { details } = await this.options.runs.details(run.id);
    const { entry, task } = await this.trainerOf(run.task);
    const storagePath = this.storageOf(details);
    const checkpointsPath = checkpointsFolder(storagePath, run.id);
    await reconcileCheckpoints(run.id, checkpointsPath, this.options.checkpoints);
    return {
      entry,
      start: {
        type: 'start',
        runId: run.id,
        name: run.name,
        config: run.config,
        basePath: basePathOf(run, details),
        outputPath: run.outputPath ?? path.join(runFolder(storagePath, run.id), 'model'),
        checkpointsPath,
        task,
        engine: (run.config['engine'] as EngineChoice | undefined) ?? this.engineSetting(),
        storagePath: this.options.storagePath,
        resume: details['resume'] === true,
      },
    };
  }

  private async trainerOf(task: string): Promise<{ entry: string; task: { id: string; entry: string } }> {
    const plugin = await this.configs.plugin(task);
    const entry =
      this.options.trainerEntry ?? findUp('trainer.js', path.join('dist', 'backend', 'trainer.js'));
    if (plugin === undefined) throw cannotStart(`the task ${task} is not installed`);
    if (entry === undefined) throw cannotStart('the trainer is missing');
    return { entry, task: { id: plugin.id, entry: plugin.entry } };
  }

  private async checkpointsOf(id: string): Promise<string> {
    return checkpointsFolder(this.storageOf((await this.options.runs.details(id)).details), id);
  }

  /** Where the run's files are: of one that another backend left, its storage. */
  private storageOf(details: Readonly<Record<string, unknown>>): string {
    const kept = details['storagePath'];
    return typeof kept === 'string' ? kept : this.options.storagePath;
  }

  private async register(run: Run, metrics: Readonly<Record<string, number>>): Promise<RunPatch> {
    const { models, onModel } = this.options;
    if (run.outputPath === undefined) return {};
    const model = await models.upsertTrained(run.id, await trainedModel(run, run.outputPath, metrics));
    onModel(model);
    return { modelId: model.id };
  }

  private announce(run: Run): Run {
    this.emit('changed', run);
    return run;
  }

  private notNow(run: Run, what: string): StudioError {
    const advice = unfinished.includes(run.state) ? ' Stop it first.' : ' Start it again from its config.';
    return new StudioError(
      'training.invalidState',
      `The run “${run.name}” is ${run.state} and cannot be ${what}.${advice}`,
      {
        details: { id: run.id, state: run.state },
      },
    );
  }
}

/** Where the run's relative paths start from. */
function basePathOf(run: Run, details: Readonly<Record<string, unknown>>): string {
  const kept = details['basePath'];
  return typeof kept === 'string' ? kept : path.dirname(run.configPath ?? '');
}

function cannotStart(what: string): StudioError {
  return new StudioError('plugin.failed', `The run cannot start: ${what}.`);
}
