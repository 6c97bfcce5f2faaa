/**
 * Every command's id with what it does. The table's type holds it to contributions.ts: a command without a handler does
 * not compile.
 */
import { commands, type CommandId } from '../contributions';
import type { Services } from '../services';
import * as backend from './backend';
import { compareAudio } from './compareAudio';
import * as datasets from './datasets';
import * as datasetRows from './datasetRows';
import { draftTranscripts } from './draftTranscripts';
import * as downloads from './downloads';
import * as queue from './downloadQueue';
import { installEngine, installOnnxEngine } from './installEngine';
import { importHubDataset } from './hubDataset';
import * as models from './models';
import * as pages from './pages';
import * as persian from '../persianText/commands';
import { applyPreview } from '../persianText/preview';
import * as runConfigs from './runConfigs';
import * as speech from './speech';
import * as token from './token';
import * as training from './training';
import { browsePersianModels } from './browse';
import { pickConfigPath } from './configPath';
import { checkConnection } from './checkConnection';
import { doctor } from './doctor';
import { repairModel, verifyModel } from './modelChecks';
import { exportRunCsv, exportRunTensorBoard } from './exportRuns';
import { estimateRun } from './estimate';
import { newTrainingConfig } from './newConfig';
import { openModelPage } from './modelPage';
import { downloadFound, searchModels } from './searchModels';

type Handler = (services: Services, ...args: unknown[]) => Promise<unknown>;

const handlers: Readonly<Record<CommandId, Handler>> = {
  [commands.searchModels]: (s) => searchModels(s),
  [commands.browsePersianModels]: (s) => browsePersianModels(s),
  [commands.openModelPage]: (s, target) => openModelPage(s, target),
  [commands.downloadFound]: () => downloadFound(),
  [commands.downloadModel]: (s, name) => downloads.downloadByName(s, name),
  [commands.importModel]: (s) => models.importModel(s),
  [commands.openPlayground]: (s, target) => pages.openPlayground(s, target),
  [commands.newTrainingConfig]: (s, target) => newTrainingConfig(s, target),
  [commands.train]: (s, file) => training.train(s, file),
  [commands.checkConfig]: (s, file) => training.checkConfig(s, file),
  [commands.estimateRun]: (s, file) => estimateRun(s, file),
  [commands.pickConfigPath]: (_, file, pointer) => pickConfigPath(file, pointer),
  [commands.openDashboard]: (s, target) => pages.openDashboard(s, target),
  [commands.compareAudio]: (s, file, selected) => compareAudio(s, file, selected),
  [commands.importDataset]: (s, file) => datasets.importDataset(s, file),
  [commands.importHubDataset]: (s, name) => importHubDataset(s, name),
  [commands.inspectDataset]: (s, target) => datasets.inspectDataset(s, target),
  [commands.speakSelection]: (s) => speech.speakSelection(s),
  [commands.stopSpeaking]: (s) => speech.stopSpeaking(s),
  [commands.chooseVoice]: (s) => speech.chooseVoice(s),
  [commands.transcribeAudio]: (s, file) => speech.transcribeAudio(s, file),
  [commands.chooseRecogniser]: (s) => speech.chooseRecogniser(s),
  [commands.setToken]: (s, how) => token.setToken(s, how),
  [commands.forgetToken]: (s) => token.forgetToken(s),
  [commands.checkConnection]: (s) => checkConnection(s),
  [commands.doctor]: (s) => doctor(s),
  [commands.firstSteps]: () => backend.openFirstSteps(),
  [commands.installEngine]: (s) => installEngine(s),
  [commands.installOnnxEngine]: (s) => installOnnxEngine(s),
  [commands.restartBackend]: (s) => backend.restartBackend(s),
  [commands.showLog]: (s) => backend.showLog(s),
  [commands.showActivity]: (s) => backend.showActivity(s),
  [commands.normalizeText]: (s) => persian.normalizeText(s),
  [commands.verbalizeText]: (s) => persian.verbalizeText(s),
  [commands.showPronunciation]: (s) => persian.showPronunciation(s),
  [commands.applyTextPreview]: (_, target) => applyPreview(target),
  [commands.openSettings]: (_, key) => backend.openSettings(key),

  [commands.groupModelsByTask]: (s) => s.grouping.set('task'),
  [commands.groupModelsBySource]: (s) => s.grouping.set('source'),
  [commands.ungroupModels]: (s) => s.grouping.set('none'),
  [commands.tryModel]: (s, target) => pages.openPlayground(s, target),
  [commands.verifyModel]: (s, target) => verifyModel(s, target),
  [commands.repairModel]: (s, target) => repairModel(s, target),
  [commands.exportModel]: (s, target) => models.exportModel(s, target),
  [commands.removeModel]: (s, target) => models.removeModel(s, target),
  [commands.revealModel]: (s, target) => models.revealModel(s, target),
  [commands.copyModelPath]: (s, target) => models.copyModelPath(s, target),
  [commands.openModelOnHub]: (s, target) => models.openModelOnHub(s, target),
  [commands.downloadCurated]: (s, target) => downloads.downloadCurated(s, target),

  [commands.pauseDownload]: (s, target) => downloads.pauseDownload(s, target),
  [commands.resumeDownload]: (s, target) => downloads.resumeDownload(s, target),
  [commands.retryDownload]: (s, target) => downloads.resumeDownload(s, target),
  [commands.cancelDownload]: (s, target) => downloads.cancelDownload(s, target),
  [commands.revealDownload]: (s, target) => downloads.revealDownload(s, target),
  [commands.discardDownload]: (s, target) => downloads.discardDownload(s, target),
  [commands.copyDownloadError]: (s, target) => downloads.copyDownloadError(s, target),
  [commands.moveDownloadUp]: (s, target) => queue.moveDownloadUp(s, target),
  [commands.moveDownloadFirst]: (s, target) => queue.moveDownloadFirst(s, target),
  [commands.resumeAllDownloads]: (s) => queue.resumeAllDownloads(s),
  [commands.pauseAllDownloads]: (s) => queue.pauseAllDownloads(s),
  [commands.clearFinishedDownloads]: (s) => queue.clearFinishedDownloads(s),

  [commands.stopRun]: (s, target) => training.stopRun(s, target),
  [commands.resumeRun]: (s, target) => training.resumeRun(s, target),
  [commands.removeRun]: (s, target) => training.removeRun(s, target),
  [commands.revealRun]: (s, target) => training.revealRun(s, target),
  [commands.openRunConfig]: (s, target) => training.openRunConfig(s, target),
  [commands.tryRun]: (s, target) => pages.tryRun(s, target),
  [commands.prioritizeRun]: (s, target) => runConfigs.prioritizeRun(s, target),
  [commands.duplicateConfig]: (s, target) => runConfigs.duplicateConfig(s, target),
  [commands.compareConfigs]: (s, target) => runConfigs.compareConfigs(s, target),
  [commands.exportRunCsv]: (s, target, others) => exportRunCsv(s, target, others),
  [commands.exportRunTensorBoard]: (s, target, others) => exportRunTensorBoard(s, target, others),
  [commands.copyRunError]: (s, target) => runConfigs.copyRunError(s, target),
  [commands.openRunOutput]: (s, target) => runConfigs.openRunOutput(s, target),
  [commands.tryCheckpoint]: (s, target, run) => pages.tryCheckpoint(s, target, run),
  [commands.revealCheckpoint]: (s, target, run) => pages.revealCheckpoint(s, target, run),

  [commands.openDataset]: (s, target) => datasetRows.openDataset(s, target),
  [commands.draftTranscripts]: (s, target) => draftTranscripts(s, target),
  [commands.writeDataset]: (s, target) => datasetRows.writeDataset(s, target),
  [commands.removeDataset]: (s, target) => datasets.removeDataset(s, target),
  [commands.revealDataset]: (s, target) => datasets.revealDataset(s, target),
};

/** Runs a command; what goes wrong is shown, with a way to try again. */
export async function runCommand(
  services: Services,
  id: CommandId,
  args: readonly unknown[],
): Promise<unknown> {
  try {
    return await handlers[id](services, ...args);
  } catch (error) {
    services.showError(error, { retry: () => void runCommand(services, id, args) });
    return undefined;
  }
}
