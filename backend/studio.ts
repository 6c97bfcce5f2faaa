/** The composition root: everything the backend is made of, built by hand, top to bottom, in the order of dependence. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from 'pino';
import { name, version } from '../package.json';
import type { ConnectionReport } from '../protocol/api/hub';
import { protocolVersion, type initialize } from '../protocol/api/session';
import type { DownloadFile } from '../protocol/model/download';
import { isStudioError } from '../protocol/wire/errors';
import type { Params, ResultIn } from '../protocol/wire/spec';
import { DatasetThread } from './datasets/thread/datasetThread';
import { DeferredDatabase } from './database/deferred';
import { openDatabase } from './database/open';
import { DatabaseUrlFile } from './database/urlFile';
import { cachePath } from './hub/cache/cachePath';
import { HubCache } from './hub/cache/hubCache';
import { HubClient } from './hub/client';
import { DiskThread } from './hub/disk/diskThread';
import { createHttp } from './hub/http';
import { HubSession } from './hub/options';
import { runtimeJudge } from './inference/runtimeJudge';
import { Runtimes } from './inference/runtimes';
import type { TopicSources } from './rpc/topics';
import { DatasetsService } from './services/datasets';
import { DownloadsService } from './services/downloads';
import { defaultParallelRanges } from './services/downloads/options';
import { EnginesService } from './services/engines';
import { HealthService } from './services/health';
import { InferenceService } from './services/inference';
import { ModelsService } from './services/models';
import { SettingsService } from './services/settings';
import { TextService } from './services/text';
import { TrainingService } from './services/training';
import { CheckpointsStore } from './stores/checkpoints';
import { DatasetsStore } from './stores/datasets';
import { DownloadsStore } from './stores/downloads';
import { JobsStore } from './stores/jobs';
import { MetricsStore } from './stores/metrics';
import { ModelsStore } from './stores/models';
import { RunsStore } from './stores/runs';
import { SettingsStore } from './stores/settings';
import { describeOnnx } from './training/engines/describe';
import { findUp } from './training/engines/place';

export interface Studio {
  readonly answer: ResultIn<typeof initialize>;
  readonly hub: HubClient;
  readonly downloads: DownloadsService;
  readonly models: ModelsService;
  readonly training: TrainingService;
  readonly inference: InferenceService;
  readonly text: TextService;
  readonly datasets: DatasetsService;
  readonly engines: EnginesService;
  readonly settings: SettingsService;
  readonly health: HealthService;
  readonly topics: TopicSources;
  /** The tokens, kept in memory only, each for its origin. */
  readonly hubSession: HubSession;
  /** Asks every part of the way to the hub, and the ways beside it. */
  checkConnection(signal: AbortSignal): Promise<ConnectionReport>;
  close(): Promise<void>;
}

export async function openStudio(params: Params<typeof initialize>, log: Logger): Promise<Studio> {
  const { storagePath, modelsPath } = params;
  const workspacePath = params.workspacePath ?? undefined;
  const given = params.settings ?? {};
  makeFolder(storagePath, log);

  const databaseUrl = new DatabaseUrlFile(storagePath);
  const database = new DeferredDatabase(async () => {
    const url = given.database?.url ?? (await databaseUrl.read()) ?? process.env['DATABASE_URL'];
    return openDatabase({ url, storagePath, log });
  });

  const settings = new SettingsService({ store: new SettingsStore(database), session: given, databaseUrl });
  const currentSettings = settings.current.bind(settings);
  const hubSession = new HubSession({ settings: currentSettings, env: process.env, token: params.hubToken });
  const begun = settings.on('changed', () => {
    hubSession.begin();
    begun();
  });
  const runtimes = new Runtimes(undefined, (entry, error) =>
    log.error({ entry, err: error }, 'a runtime could not be used'),
  );
  const judge = runtimeJudge(runtimes, () => describeOnnx({ storagePath }));
  const modelsStore = new ModelsStore(database);
  const hub = new HubClient({
    options: () => hubSession.options(),
    http: createHttp({ network: () => hubSession.network() }),
    installed: () => modelsStore.list(),
    runtimes: judge,
  });

  const runsStore = new RunsStore(database);
  const downloadsStore = new DownloadsStore(database);
  const models: ModelsService = new ModelsService({
    store: modelsStore,
    downloads: downloadsStore,
    modelsPath,
    log,
    hub,
    runtimes: judge,
    fetch: (selection) => downloads.start(selection),
    inUse: async ({ path }) => {
      const running = await runsStore.list({ state: 'running' });
      return running.some((run) => run.outputPath === path) ? 'a training run writes to it' : undefined;
    },
  });
  const disk = new DiskThread(() => findUp('disk.js', path.join('dist', 'backend', 'disk.js')));
  const downloads: DownloadsService = new DownloadsService({
    store: downloadsStore,
    models: modelsStore,
    hub,
    cache: new HubCache(cachePath(process.env)),
    disk,
    modelsPath,
    settings: currentSettings,
    log,
    library: models,
    runtimes: judge,
  });
  models.on('downloadsRemoved', (ids) => {
    downloads
      .forget(ids)
      .catch((error: unknown) => log.error({ err: error }, 'a removed download did not stop'));
  });
  const training = new TrainingService({
    runs: runsStore,
    jobs: new JobsStore(database, log),
    checkpoints: new CheckpointsStore(database),
    metrics: new MetricsStore(database),
    models: modelsStore,
    log,
    storagePath,
    workspacePath,
    settings: currentSettings,
    contributed: params.plugins,
    workspacePlugins: trustedPlugins(params),
    onModel: (model) => models.announce(model),
  });
  settings.on('changed', () => {
    training.settingsChanged();
    downloads.settingsChanged();
  });
  const inference = new InferenceService({ log, storagePath, settings: currentSettings, runtimes });
  const text = new TextService({ inference, settings: currentSettings, workspacePath });
  const datasetThread = new DatasetThread({
    entry: () => findUp('datasets.js', path.join('dist', 'backend', 'datasets.js')),
    storagePath,
  });
  const datasets = new DatasetsService({
    store: new DatasetsStore(database),
    work: datasetThread,
    hub: {
      api: hub.api,
      parallelRanges: () => currentSettings().downloads?.parallelRanges ?? defaultParallelRanges,
    },
    workspacePath,
    log,
  });
  const engines = new EnginesService({ storagePath, settings: currentSettings, log });
  const health = new HealthService({
    database,
    storagePath,
    modelsPath,
    checkHub: (signal) => hub.check(signal),
    engines: () => engines.list(),
    versions: { goya: version, node: process.versions.node, protocol: String(protocolVersion) },
  });

  // The database opens behind the answer; what was under way when the last session ended goes on when it is there.
  database.start();
  void database.opened.then(async () => {
    // Each by itself: what one of them cannot take up must not keep the next from working.
    for (const takeUp of [() => settings.load(), () => training.recover(), () => downloads.recover()]) {
      await takeUp().catch((error: unknown) => {
        const closing = isStudioError(error, 'database.unavailable');
        log[closing ? 'warn' : 'error']({ err: error }, 'what an earlier session left could not be taken up');
      });
    }
  });

  const [engineList, plugins] = await Promise.all([engines.list(), training.shippedPlugins()]);
  return {
    answer: {
      protocolVersion,
      server: { name, version },
      // What can be chosen to train and run with; the one for ONNX models is told by engines/list.
      engines: engineList.filter((engine) => engine.name !== 'onnx'),
      plugins: [...plugins],
    },
    hub,
    hubSession,
    checkConnection: async (signal) => {
      const { examine } = await import('./hub/doctor/doctor');
      return examine({ hub: hubSession.options(), network: hubSession.network(), env: process.env, signal });
    },
    downloads,
    models,
    training,
    inference,
    text,
    datasets,
    engines,
    settings,
    health,
    topics: {
      downloads: { events: downloads, list: () => downloads.list() },
      downloadFiles: {
        events: downloads.fileEvents,
        groupOf: (file: DownloadFile) => file.downloadId,
        watch: (id) => downloads.watchFiles(id),
        list: async (id) => (id === undefined ? downloads.filesUnderWay() : downloads.files(id)),
      },
      models: { events: models, list: () => models.list() },
      runs: { events: training, list: () => training.list() },
      datasets: { events: datasets, list: () => datasets.list() },
    },
    close: async () => {
      // Writers first, then what they write to.
      await Promise.all([downloads.close(), training.close(), inference.close(), engines.close()]);
      await Promise.all([disk.close(), hub.close(), datasetThread.close()]);
      await database.close();
    },
  };
}

/** A plugin is code: a workspace's own run only where the user trusts it. */
function trustedPlugins({ workspacePath, trusted }: Params<typeof initialize>): string | undefined {
  if (trusted !== true || typeof workspacePath !== 'string') return undefined;
  return path.join(workspacePath, '.goya', 'plugins');
}

/** A storage folder that cannot be made shows in the health report and in every call that needs it. */
function makeFolder(folder: string, log: Logger): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    log.error({ err: error, folder }, 'the storage folder cannot be made');
  }
}
