/** Which service answers which message. The only place where both are known. */
import type { Disposable, MessageConnection } from 'vscode-jsonrpc';
import type { Logger } from 'pino';
import {
  datasetsClip,
  datasetsEdit,
  datasetsFixes,
  datasetsHubParts,
  datasetsHubSearch,
  datasetsImport,
  datasetsImportHub,
  datasetsInspect,
  datasetsList,
  datasetsNormalize,
  datasetsPreview,
  datasetsRedo,
  datasetsRemove,
  datasetsRows,
  datasetsUndo,
  datasetsWrite,
} from '../../protocol/api/datasets';
import {
  downloadsCancel,
  downloadsClear,
  downloadsFiles,
  downloadsGet,
  downloadsList,
  downloadsPause,
  downloadsPlan,
  downloadsReorder,
  downloadsResume,
  downloadsStart,
} from '../../protocol/api/downloads';
import { enginesInstall, enginesList, enginesPreflight } from '../../protocol/api/engines';
import { hubCard, hubCheckConnection, hubCurated, hubModelInfo, hubSearch } from '../../protocol/api/hub';
import { inferenceRun } from '../../protocol/api/inference';
import {
  modelsExport,
  modelsGet,
  modelsImport,
  modelsList,
  modelsRemove,
  modelsRepair,
  modelsVerify,
} from '../../protocol/api/models';
import { pluginsContribute, pluginsList } from '../../protocol/api/plugins';
import { healthCheck } from '../../protocol/api/session';
import {
  settingsGet,
  settingsUpdate,
  tokenDelete,
  tokenSet,
  tokenStatus,
  tokenValidate,
} from '../../protocol/api/settings';
import { textNormalize, textPhonemize, textVerbalize } from '../../protocol/api/text';
import { progressNotification, topicsSubscribe, topicsUnsubscribe } from '../../protocol/api/topics';
import {
  trainingCheckpoints,
  trainingEstimate,
  trainingExport,
  trainingGet,
  trainingList,
  trainingMetrics,
  trainingPrioritize,
  trainingRemove,
  trainingResume,
  trainingSamplePictures,
  trainingSamples,
  trainingStart,
  trainingStop,
  trainingTasks,
  trainingValidate,
} from '../../protocol/api/training';
import { handle, notify, type Handler } from '../../protocol/wire/peer';
import type { RequestSpec } from '../../protocol/wire/spec';
import type { Studio } from '../studio';
import { mergedPieces } from './mergedPieces';
import { Topics } from './topics';
import { watchedCalls } from './watchedCalls';

export interface BindOptions {
  readonly connection: MessageConnection;
  readonly studio: Studio;
  readonly log: Logger;
  /** Throws unless the session is open. */
  readonly requireOpen: () => void;
}

/** Binds everything; the answer's `dispose` takes the subscriptions back. */
export function bindStudio(options: BindOptions): Disposable {
  const { connection, studio, log, requireOpen } = options;
  const { hub, hubSession, downloads, models, training, inference, text, datasets } = studio;
  const { settings, health, engines } = studio;
  const on = <S extends RequestSpec>(spec: S, handler: Handler<S>): void => {
    handle(
      connection,
      spec,
      (params, context) => {
        requireOpen();
        return handler(params, context);
      },
      (method, error) => log.error({ method, err: error }, 'a request failed'),
    );
  };
  const topics = new Topics(studio.topics, (token, value) => {
    notify(connection, progressNotification, { token, value }).catch((error: unknown) =>
      log.warn({ err: error }, 'an event could not be sent'),
    );
  });

  const watch = watchedCalls(connection, log);

  on(healthCheck, () => health.check());
  on(settingsGet, async () => ({ settings: await settings.get() }));
  on(settingsUpdate, async ({ settings: change }) => ({ settings: await settings.update(change) }));
  on(tokenValidate, ({ token }, { signal }) => hub.validateToken(token, signal));
  on(tokenSet, ({ token, origin }) => (hubSession.setToken(token, origin), {}));
  on(tokenDelete, () => (hubSession.forgetTokens(), {}));
  on(tokenStatus, () => hubSession.status());

  on(hubSearch, (params, { signal }) => hub.search(params, signal));
  on(hubModelInfo, ({ repoId, revision }, { signal }) => hub.model(repoId, revision, signal));
  on(hubCard, (params, { signal }) => hub.card(params, signal));
  on(hubCheckConnection, (_, { signal }) => studio.checkConnection(signal));
  on(hubCurated, ({ category }, { signal }) => hub.curated(category, signal));

  on(downloadsPlan, (params, { signal }) => downloads.plan(params, signal));
  on(downloadsStart, (params) => downloads.start(params));
  on(downloadsGet, ({ id }) => downloads.get(id));
  on(downloadsList, async ({ state }) => ({ downloads: await downloads.list(state) }));
  on(downloadsFiles, async ({ id }) => ({ files: await downloads.files(id) }));
  on(downloadsReorder, ({ id, position }) => downloads.reorder(id, position));
  on(downloadsPause, ({ id }) => downloads.pause(id));
  on(downloadsResume, ({ id }) => downloads.resume(id));
  on(downloadsCancel, ({ id, discard }) => downloads.cancel(id, { discard: discard ?? false }));
  on(downloadsClear, async () => ({ removed: await downloads.clear() }));

  on(modelsList, async ({ type }) => ({ models: await models.list(type) }));
  on(modelsGet, ({ id }) => models.get(id));
  on(modelsVerify, ({ id, token }, { signal }) => watch(token, signal, (seen) => models.verify(id, seen)));
  on(modelsRepair, ({ id, token }, { signal }) => watch(token, signal, (seen) => models.repair(id, seen)));
  on(modelsRemove, async ({ id }) => (await models.remove(id), {}));
  on(modelsImport, ({ path, repoId, revision, token }, { signal }) =>
    watch(token, signal, (seen) => models.import(path, { repoId, revision }, seen)),
  );
  on(modelsExport, ({ id, path, format, token }, { signal }) =>
    watch(token, signal, (seen) => models.export(id, { path, format }, seen)),
  );

  on(trainingTasks, async () => ({ tasks: [...(await training.tasks())] }));
  on(trainingValidate, (source) => training.validate(source));
  on(trainingEstimate, (source, { signal }) => training.estimate(source, signal));
  on(trainingStart, (source) => training.start(source));
  on(trainingGet, ({ id }) => training.get(id));
  on(trainingList, async ({ state }) => ({ runs: await training.list(state) }));
  on(trainingPrioritize, ({ id, priority }) => training.prioritize(id, priority));
  on(trainingStop, ({ id }) => training.stop(id));
  on(trainingResume, ({ id }) => training.resume(id));
  on(trainingRemove, ({ id }) => training.remove(id));
  on(trainingMetrics, async ({ id, ...choice }) => ({ points: await training.metrics(id, choice) }));
  on(trainingCheckpoints, async ({ id }) => ({ checkpoints: await training.checkpoints(id) }));
  on(trainingSamples, async ({ id }) => ({ epochs: await training.samples(id) }));
  on(trainingSamplePictures, async ({ id, epoch }) => ({ items: await training.pictures(id, epoch) }));

  on(trainingExport, (params) => training.export(params));
  on(enginesList, async () => ({ engines: await engines.list() }));
  on(enginesPreflight, ({ engine }) => engines.preflight(engine));
  on(enginesInstall, ({ engine = 'tensorflow', source, token }, { signal }) =>
    watch(token, signal, (seen) => engines.install(engine, source, seen)),
  );

  on(inferenceRun, ({ token, ...params }, { signal }) =>
    watch(token, signal, (seen) => inference.run(params, signal, seen.onProgress), mergedPieces),
  );
  on(textNormalize, async (params, { signal }) => ({ text: await text.normalize(params, signal) }));
  on(textVerbalize, async (params, { signal }) => ({ text: await text.verbalize(params, signal) }));
  on(textPhonemize, async ({ text: given }, { signal }) => ({ words: await text.phonemize(given, signal) }));

  on(datasetsInspect, ({ token, ...params }, { signal }) =>
    watch(token, signal, (seen) => datasets.inspect(params, seen)),
  );
  on(datasetsImport, ({ token, ...params }, { signal }) =>
    watch(token, signal, (seen) => datasets.import(params, seen)),
  );
  on(datasetsImportHub, ({ token, ...params }, { signal }) =>
    watch(token, signal, (seen) => datasets.importHub(params, seen)),
  );
  on(datasetsHubSearch, ({ query }, { signal }) => datasets.searchHub(query, signal));
  on(datasetsHubParts, ({ repoId, revision }, { signal }) => datasets.hubParts(repoId, revision, signal));
  on(datasetsList, async () => ({ datasets: await datasets.list() }));
  on(datasetsRemove, async ({ id }) => (await datasets.remove(id), {}));
  on(datasetsRows, (params, { signal }) => datasets.work('rows', params, signal));
  on(datasetsEdit, (params, { signal }) => datasets.work('edit', params, signal));
  on(datasetsNormalize, (params, { signal }) => datasets.work('normalize', params, signal));
  on(datasetsUndo, (params, { signal }) => datasets.work('undo', params, signal));
  on(datasetsRedo, (params, { signal }) => datasets.work('redo', params, signal));
  on(datasetsPreview, (params, { signal }) => datasets.work('preview', params, signal));
  on(datasetsWrite, (params, { signal }) => datasets.work('write', params, signal));
  on(datasetsClip, (params, { signal }) => datasets.work('clip', params, signal));
  on(datasetsFixes, (params, { signal }) => datasets.work('fixes', params, signal));

  on(pluginsList, ({ token }, { signal }) =>
    watch(token, signal, async ({ onProgress }) => ({
      plugins: [...(await training.plugins(onProgress && ((plugins) => onProgress({ plugins }))))],
    })),
  );
  on(pluginsContribute, ({ plugins: given, token }, { signal }) =>
    watch(token, signal, async ({ onProgress }) => ({
      plugins: [...(await training.contribute(given, onProgress && ((plugins) => onProgress({ plugins }))))],
    })),
  );

  on(topicsSubscribe, async ({ topic, id, token }) => ({
    items: [...(await topics.subscribe(topic, id, token))],
  }));
  on(topicsUnsubscribe, ({ token }) => (topics.unsubscribeKnown(token), {}));
  return { dispose: () => topics.close() };
}
