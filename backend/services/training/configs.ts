/** What may be trained: task plugins, and configs that were looked at with their data. Needs no run of its own. */
import path from 'node:path';
import type { ConfigSource } from '../../../protocol/api/training';
import type { ConfigFix } from '../../../protocol/model/configFix';
import type { PluginInfo, PluginSource, TrainingTaskInfo } from '../../../protocol/model/plugin';
import type { ConfigProblem, Run } from '../../../protocol/model/run';
import type { EngineChoice } from '../../../protocol/model/settings';
import { StudioError } from '../../../protocol/wire/errors';
import { say, sentences } from '../../language/say';
import { problem, warning, type TrainingTask } from '../../sdk/trainingTask';
import { freeOutput } from '../../training/config/output';
import { configSchema, jsonSchemaOf } from '../../training/config/schema';
import { describeEngines } from '../../training/engines/describe';
import { findUp } from '../../training/engines/place';
import { workspacePlugins } from '../../training/external/workspacePlugins';
import { inspectConfig, type Inspection } from '../../training/inspectConfig';
import { loadPlugins, loadTimeout, PluginLoading, type PluginSet } from '../../training/plugins';

export interface ConfigsOptions {
  readonly storagePath: string;
  /** What no path of a config may leave; without one, the config's own folder. */
  readonly workspacePath: string | undefined;
  /** Folders of task plugins; the shipped one by default. */
  readonly pluginFolders?: readonly string[] | undefined;
  /** Modules of other extensions, as the session began. */
  readonly contributed?: readonly PluginSource[] | undefined;
  /** Folder of the workspace's own plugins; absent where the workspace is not trusted. */
  readonly workspacePlugins?: string | undefined;
  /** `pluginWorker.js`; beside this bundle by default. */
  readonly pluginWorkerEntry?: string | undefined;
  /** Runs that wait or run: no two may write to one output. */
  readonly unfinished: () => Promise<readonly Run[]>;
  /** The engine of configs that name none. */
  readonly engine: () => EngineChoice;
}

type RunnableConfig = NonNullable<Inspection['config']>;

export class Configs {
  private begun: Promise<PluginLoading> | undefined;
  private contributed: readonly PluginSource[];

  constructor(private readonly options: ConfigsOptions) {
    this.contributed = options.contributed ?? [];
  }

  /** Goya's own only: those from outside may take their time. */
  async shippedPlugins(): Promise<readonly PluginInfo[]> {
    return (await loadPlugins({ folders: this.folders() })).infos;
  }

  /** Loads every plugin from outside anew: one may have been mended. */
  contribute(
    plugins: readonly PluginSource[],
    onArrival?: (plugins: readonly PluginInfo[]) => void,
  ): Promise<readonly PluginInfo[]> {
    this.contributed = plugins;
    this.begun = undefined;
    return this.plugins(onArrival);
  }

  /** When each has loaded or failed; `onArrival` gets those that are there whenever one comes. Needs no database. */
  async plugins(onArrival?: (plugins: readonly PluginInfo[]) => void): Promise<readonly PluginInfo[]> {
    const loading = await this.loading();
    return (await loading.all(onArrival && (({ infos }) => onArrival(infos)))).infos;
  }

  async plugin(task: string): Promise<{ readonly id: string; readonly entry: string } | undefined> {
    return (await (await this.loading()).withTask(task)).loaded.get(task);
  }

  /** Those that are there: nobody waits for a module that is slow to load. Needs no database. */
  async tasks(): Promise<TrainingTaskInfo[]> {
    const { loaded } = await (await this.loading()).soFar();
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
      if (missing !== undefined) {
        const fixes: ConfigFix[] = [{ kind: 'set', path: '/engine', value: 'auto' }];
        problems.push(warning('/engine', missing, { code: 'engine.missing', fixes }));
      }
    }
    return { ok: !problems.some((one) => one.severity === 'error'), problems };
  }

  /**
   * The config as it can be run. Throws `training.invalidConfig`, `training.invalidData` or `engine.unavailable`.
   * `resumed`: the run whose config it is.
   */
  async runnable(source: ConfigSource, resumed?: string): Promise<RunnableConfig> {
    return this.accept(await this.inspect(source, resumed));
  }

  /** The same for a trial, which writes nothing: another run may be writing to the config's output. */
  async measurable(source: ConfigSource): Promise<RunnableConfig> {
    return this.accept(await this.inspectData(source));
  }

  private async accept(inspection: Inspection): Promise<RunnableConfig> {
    if (inspection.config === undefined) throw refused(inspection);
    const choice = inspection.config.engine ?? this.options.engine();
    const missing = await this.missingEngine(choice);
    if (missing === undefined) return inspection.config;
    throw new StudioError('engine.unavailable', missing, { details: { engine: choice } });
  }

  private loading(): Promise<PluginLoading> {
    return (this.begun ??= this.begin());
  }

  private async begin(): Promise<PluginLoading> {
    const own = await workspacePlugins(this.options.workspacePlugins);
    return new PluginLoading({
      folders: this.folders(),
      files: [...this.contributed, ...own],
      workerEntry: this.options.pluginWorkerEntry,
      timeoutMs: loadTimeout(),
    });
  }

  private folders(): readonly string[] {
    const shipped = findUp(path.join('backend', 'plugins'), 'plugins');
    return this.options.pluginFolders ?? (shipped === undefined ? [] : [shipped]);
  }

  private async inspectData(source: ConfigSource): Promise<Inspection> {
    const loading = await this.loading();
    const { workspacePath } = this.options;
    const look = ({ loaded }: PluginSet): Promise<Inspection> => {
      const tasks = new Map<string, TrainingTask>([...loaded].map(([id, { task }]) => [id, task]));
      return inspectConfig(source, { tasks, workspacePath });
    };
    const inspection = await look(await loading.soFar());
    // A task that nobody knows may be on its way: only its own configs wait for it.
    if (inspection.unknownTask === undefined || !loading.underWay) return inspection;
    return look(await loading.withTask(inspection.unknownTask));
  }

  private async inspect(source: ConfigSource, resumed?: string): Promise<Inspection> {
    const inspection = await this.inspectData(source);
    const output = inspection.config?.outputPath;
    if (output === undefined) return inspection;
    const others = (await this.options.unfinished()).filter((run) => run.id !== resumed);
    const rival = others.find((run) => run.outputPath === output);
    if (rival === undefined) return inspection;
    const message =
      rival.state === 'running'
        ? say`The run “${rival.name}” is running and will write to ${output}. Choose another output, or stop it first.`
        : say`The run “${rival.name}” is queued and will write to ${output}. Choose another output, or stop it first.`;
    const given = inspection.config?.source['output'];
    const name = typeof given === 'string' ? given : `models/trained/${path.basename(output)}`;
    const isTaken = (folder: string): boolean => others.some((run) => run.outputPath === folder);
    const fixes = await freeOutput({ given: name, absolute: output }, isTaken);
    const problems = [...inspection.problems, problem('/output', message, { code: 'output.inUse', fixes })];
    return { config: undefined, problems, kind: 'training.invalidConfig' };
  }

  private async missingEngine(choice: EngineChoice): Promise<string | undefined> {
    if (choice === 'auto') return undefined;
    const engines = await describeEngines({ storagePath: this.options.storagePath });
    const engine = engines.find((one) => one.name === choice);
    if (engine?.available === true) return undefined;
    const reason = engine?.reason ?? say`unknown`;
    return say`The engine ${choice} is not available here: ${reason}. Or set "engine" to "auto".`;
  }
}

function refused({ problems, kind }: Inspection): StudioError {
  const errors = problems.filter((one) => one.severity === 'error');
  const shown = errors.slice(0, 3).map((one) => `${one.path === '' ? '' : `${one.path}: `}${one.message}`);
  const rest = errors.length > shown.length ? say`And ${errors.length - shown.length} more.` : '';
  const message = sentences(say`The training config cannot be run.`, ...shown, rest);
  return new StudioError(kind, message, { details: { problems } });
}
