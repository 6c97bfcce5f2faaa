/** Training runs: checked, queued, each in a process of its own, recorded, resumable. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import type { ConfigSource } from '../../protocol/api/training';
import type { Model } from '../../protocol/model/model';
import type { PluginInfo, TrainingTaskInfo } from '../../protocol/model/plugin';
import type { Checkpoint, ConfigProblem, MetricPoint, Run, RunState } from '../../protocol/model/run';
import type { EngineChoice, Settings } from '../../protocol/model/settings';
import { StudioError, toStudioError } from '../../protocol/wire/errors';
import { TypedEmitter, type EntityEvents } from '../events';
import { problem, warning, type TrainingTask } from '../sdk/trainingTask';
import type { CheckpointsStore } from '../stores/checkpoints';
import type { MetricsStore } from '../stores/metrics';
import type { ModelsStore } from '../stores/models';
import type { RunPatch, RunsStore } from '../stores/runs';
import { configSchema, jsonSchemaOf } from '../training/config/schema';
import { describeEngines } from '../training/engines/describe';
import { findUp } from '../training/engines/place';
import { inspectConfig, type Inspection } from '../training/inspectConfig';
import { loadPlugins, type PluginSet } from '../training/plugins';
import { ActiveRun } from './training/activeRun';
import { checkpointsFolder, reconcileCheckpoints, runFolder } from './training/reconcile';
import { trainedModel } from './training/trainedModel';

export interface TrainingServiceOptions {
  readonly runs: RunsStore;
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
}

const unfinished: readonly RunState[] = ['queued', 'running', 'stopping'];
const resumable: readonly RunState[] = ['stopped', 'interrupted', 'failed'];

export class TrainingService extends TypedEmitter<EntityEvents<Run>> {
  private readonly active = new Map<string, ActiveRun>();
  private readonly queue: string[] = [];
  private loading: Promise<PluginSet> | undefined;
  private pumping: Promise<void> = Promise.resolve();
  /** Nothing runs before it is known what an earlier backend left. */
  private recovered = false;
  private closing = false;

  constructor(private readonly options: TrainingServiceOptions) {
    super();
  }

  /** Needs no database. */
  async plugins(): Promise<readonly PluginInfo[]> {
    return (await this.pluginSet()).infos;
  }

  /** Needs no database. */
  async tasks(): Promise<TrainingTaskInfo[]> {
    const { loaded } = await this.pluginSet();
    return [...loaded.values()].map(({ id, task }) => ({
      id,
      title: task.title,
      description: task.description,
      schema: { ...jsonSchemaOf(configSchema(id, task)) },
    }));
  }

  async validate(source: ConfigSource): Promise<{ ok: boolean; problems: ConfigProblem[] }> {
    const { problems, config } = await this.inspect(source);
    if (config?.engine !== undefined) {
      const missing = await this.missingEngine(config.engine);
      if (missing !== undefined) problems.push(warning('/engine', missing));
    }
    return { ok: !problems.some((one) => one.severity === 'error'), problems };
  }

  /** Throws `training.invalidConfig`, `training.invalidData` or `engine.unavailable` before anything exists. */
  async start(source: ConfigSource): Promise<Run> {
    const inspection = await this.inspect(source);
    const { config } = inspection;
    if (config === undefined) throw refused(inspection);
    await this.requireEngine(config.engine ?? this.engineSetting());
    const run = await this.options.runs.create({
      id: randomUUID(),
      name: config.name,
      task: config.task,
      epochs: config.training.epochs,
      config: config.source,
      configPath: config.configPath,
      outputPath: config.outputPath,
      details: { basePath: config.basePath, dataPaths: config.dataPaths },
    });
    this.emit('changed', run);
    this.enqueue(run.id);
    return run;
  }

  /** More runs may have room now. */
  settingsChanged(): void {
    this.pump();
  }

  get(id: string): Promise<Run> {
    return this.options.runs.get(id);
  }

  list(state?: RunState): Promise<Run[]> {
    return this.options.runs.list({ state });
  }

  async stop(id: string): Promise<Run> {
    const { runs } = this.options;
    const active = this.active.get(id);
    if (active === undefined) {
      const patch: RunPatch = { state: 'stopped', endedAt: new Date().toISOString() };
      const run = await runs.patch(id, patch, ['queued']);
      const place = this.queue.indexOf(id);
      if (place >= 0) this.queue.splice(place, 1);
      return this.announce(run);
    }
    const current = await runs.get(id);
    if (current.state === 'stopping') return current;
    const run = this.announce(await runs.patch(id, { state: 'stopping' }, ['running']));
    active.stop('stop');
    return run;
  }

  /** Goes on from the newest checkpoint that is whole, or from the start when there is none. */
  async resume(id: string): Promise<Run> {
    const { runs } = this.options;
    const { run, details } = await runs.details(id);
    if (!resumable.includes(run.state)) throw this.notNow(run, 'resumed');
    const basePath = basePathOf(run, details);
    const inspection = await this.inspect({ config: run.config, basePath }, id);
    if (inspection.config === undefined) throw refused(inspection);
    await this.requireEngine(inspection.config.engine ?? this.engineSetting());
    const patch: RunPatch = { state: 'queued', error: null, endedAt: null, details: { resume: true } };
    const queued = this.announce(await runs.patch(id, patch, resumable));
    this.enqueue(id);
    return queued;
  }

  async remove(id: string): Promise<Run> {
    const { runs, storagePath } = this.options;
    const run = await runs.get(id);
    if (unfinished.includes(run.state)) throw this.notNow(run, 'removed');
    await runs.remove(id);
    await rm(runFolder(storagePath, id), { recursive: true, force: true, maxRetries: 3 });
    this.emit('removed', id);
    return run;
  }

  async metrics(id: string, since?: string): Promise<MetricPoint[]> {
    await this.options.runs.get(id);
    return this.options.metrics.list(id, since);
  }

  async checkpoints(id: string): Promise<Checkpoint[]> {
    await this.options.runs.get(id);
    return this.options.checkpoints.list(id);
  }

  /** What a dead backend left running is interrupted (its trainers end by themselves); what it left queued runs now. */
  async recover(): Promise<void> {
    const { runs, checkpoints, storagePath } = this.options;
    try {
      for (const run of await runs.interruptUnfinished()) {
        await reconcileCheckpoints(run.id, checkpointsFolder(storagePath, run.id), checkpoints);
        this.emit('changed', run);
      }
      for (const run of await runs.claimQueued()) if (!this.queue.includes(run.id)) this.queue.push(run.id);
    } finally {
      this.recovered = true;
      this.pump();
    }
  }

  /** Ends every trainer at a checkpoint where it can, within a second; their runs are interrupted. */
  async close(): Promise<void> {
    this.closing = true;
    await this.pumping;
    for (const active of this.active.values()) active.stop('close');
    await Promise.all([...this.active.values()].map((active) => active.ended));
  }

  private pluginSet(): Promise<PluginSet> {
    const shipped = findUp(path.join('backend', 'plugins'), 'plugins');
    const folders = this.options.pluginFolders ?? (shipped === undefined ? [] : [shipped]);
    return (this.loading ??= loadPlugins({ folders }));
  }

  private async inspect(source: ConfigSource, resumed?: string): Promise<Inspection> {
    const { loaded } = await this.pluginSet();
    const tasks = new Map<string, TrainingTask>([...loaded].map(([id, { task }]) => [id, task]));
    const inspection = await inspectConfig(source, { tasks, workspacePath: this.options.workspacePath });
    const output = inspection.config?.outputPath;
    if (output === undefined) return inspection;
    const rival = (await this.unfinishedRuns()).find(
      (run) => run.outputPath === output && run.id !== resumed,
    );
    if (rival === undefined) return inspection;
    const message = `The run “${rival.name}” is ${rival.state} and will write to ${output}. Choose another output, or stop it first.`;
    const problems = [...inspection.problems, problem('/output', message)];
    return { config: undefined, problems, kind: 'training.invalidConfig' };
  }

  private async unfinishedRuns(): Promise<Run[]> {
    return (await this.options.runs.list()).filter((run) => unfinished.includes(run.state));
  }

  private engineSetting(): EngineChoice {
    return this.options.settings().training?.engine ?? 'auto';
  }

  private async requireEngine(choice: EngineChoice): Promise<void> {
    const missing = await this.missingEngine(choice);
    if (missing === undefined) return;
    throw new StudioError('engine.unavailable', missing, { details: { engine: choice } });
  }

  private async missingEngine(choice: EngineChoice): Promise<string | undefined> {
    if (choice === 'auto') return undefined;
    const engines = await describeEngines({ storagePath: this.options.storagePath });
    const engine = engines.find((one) => one.name === choice);
    if (engine?.available === true) return undefined;
    return `The engine ${choice} is not available here: ${engine?.reason ?? 'unknown'}. Or set "engine" to "auto".`;
  }

  private enqueue(id: string): void {
    if (!this.queue.includes(id)) this.queue.push(id);
    this.pump();
  }

  /** Starts queued runs while there is room. */
  private pump(): void {
    this.pumping = this.pumping.then(async () => {
      const room = (): boolean => this.active.size < (this.options.settings().training?.maxParallelRuns ?? 1);
      while (this.recovered && !this.closing && room()) {
        const id = this.queue.shift();
        if (id === undefined) return;
        await this.launch(id).catch((error: unknown) => this.launchFailed(id, error));
      }
    });
  }

  private async launch(id: string): Promise<void> {
    const { runs, checkpoints, metrics, storagePath, log } = this.options;
    const { run: queued, details } = await runs.details(id);
    const plugin = (await this.pluginSet()).loaded.get(queued.task);
    const entry =
      this.options.trainerEntry ?? findUp('trainer.js', path.join('dist', 'backend', 'trainer.js'));
    if (plugin === undefined || entry === undefined) {
      const what =
        plugin === undefined ? `the task ${queued.task} is not installed` : 'the trainer is missing';
      const error = {
        kind: 'plugin.failed' as const,
        message: `The run cannot start: ${what}.`,
        retryable: false,
      };
      this.announce(await runs.patch(id, { state: 'failed', error }, ['queued']));
      return;
    }
    const checkpointsPath = checkpointsFolder(storagePath, id);
    await reconcileCheckpoints(id, checkpointsPath, checkpoints);
    const startedAt = queued.startedAt ?? new Date().toISOString();
    // From here to `active.set` nothing waits: a run that is `running` can always be stopped.
    const run = this.announce(await runs.patch(id, { state: 'running', startedAt }, ['queued']));
    const engine = run.config['engine'] as EngineChoice | undefined;
    const active = new ActiveRun({
      run,
      entry,
      start: {
        type: 'start',
        runId: id,
        name: run.name,
        config: run.config,
        basePath: basePathOf(run, details),
        outputPath: run.outputPath ?? path.join(runFolder(storagePath, id), 'model'),
        checkpointsPath,
        task: { id: plugin.id, entry: plugin.entry },
        engine: engine ?? this.engineSetting(),
        storagePath,
        resume: details['resume'] === true,
      },
      runs,
      checkpoints,
      metrics,
      log: log.child({ run: id }),
      changed: (changed) => this.emit('changed', changed),
      completed: (done, figures) => this.register(done, figures),
    });
    this.active.set(id, active);
    void active.ended.finally(() => {
      this.active.delete(id);
      this.pump();
    });
  }

  private async launchFailed(id: string, cause: unknown): Promise<void> {
    const { runs, log } = this.options;
    log.error({ err: cause, run: id }, 'a queued run could not be started');
    const { kind, message, retryable } = toStudioError(cause);
    await runs
      .patch(id, { state: 'failed', error: { kind, message, retryable } }, ['queued', 'running'])
      .then((run) => this.announce(run))
      // Stopped or removed meanwhile, or no database: what is stored stands.
      .catch((error: unknown) => log.warn({ err: error, run: id }, 'its failure could not be recorded'));
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

function refused({ problems, kind }: Inspection): StudioError {
  const errors = problems.filter((one) => one.severity === 'error');
  const shown = errors.slice(0, 3).map((one) => `${one.path === '' ? '' : `${one.path}: `}${one.message}`);
  const rest = errors.length > shown.length ? ` And ${errors.length - shown.length} more.` : '';
  return new StudioError(kind, `The training config cannot be run. ${shown.join(' ')}${rest}`, {
    details: { problems },
  });
}
