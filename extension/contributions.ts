/**
 * Every name that package.json and the code share: a command, view, setting, context key or `viewItem` that is not
 * here does not exist, and tests/contributions.test.ts holds package.json to this table.
 */

export const extensionId = 'goya.goya-studio';
export const viewContainer = 'goya';

export const commands = {
  searchModels: 'goya.searchModels',
  browsePersianModels: 'goya.browsePersianModels',
  downloadModel: 'goya.downloadModel',
  openModelPage: 'goya.openModelPage',
  downloadFound: 'goya.search.download',
  importModel: 'goya.importModel',
  openPlayground: 'goya.openPlayground',
  compareAudio: 'goya.compareAudio',
  newTrainingConfig: 'goya.newTrainingConfig',
  train: 'goya.train',
  checkConfig: 'goya.checkConfig',
  estimateRun: 'goya.estimateRun',
  pickConfigPath: 'goya.config.pickPath',
  openDashboard: 'goya.openDashboard',
  importDataset: 'goya.importDataset',
  importHubDataset: 'goya.importHubDataset',
  inspectDataset: 'goya.inspectDataset',
  openDataset: 'goya.openDataset',
  speakSelection: 'goya.speakSelection',
  stopSpeaking: 'goya.stopSpeaking',
  chooseVoice: 'goya.chooseVoice',
  transcribeAudio: 'goya.transcribeAudio',
  chooseRecogniser: 'goya.chooseRecogniser',
  setToken: 'goya.setToken',
  forgetToken: 'goya.forgetToken',
  checkConnection: 'goya.checkConnection',
  doctor: 'goya.doctor',
  firstSteps: 'goya.firstSteps',
  installEngine: 'goya.installEngine',
  installOnnxEngine: 'goya.installOnnxEngine',
  restartBackend: 'goya.restartBackend',
  showLog: 'goya.showLog',
  showActivity: 'goya.showActivity',
  openSettings: 'goya.openSettings',
  normalizeText: 'goya.text.normalize',
  verbalizeText: 'goya.text.verbalize',
  showPronunciation: 'goya.text.pronounce',
  applyTextPreview: 'goya.text.apply',

  groupModelsByTask: 'goya.models.groupByTask',
  groupModelsBySource: 'goya.models.groupBySource',
  ungroupModels: 'goya.models.ungroup',
  tryModel: 'goya.models.try',
  verifyModel: 'goya.models.verify',
  repairModel: 'goya.models.repair',
  exportModel: 'goya.models.export',
  removeModel: 'goya.models.remove',
  revealModel: 'goya.models.reveal',
  copyModelPath: 'goya.models.copyPath',
  openModelOnHub: 'goya.models.openOnHub',
  downloadCurated: 'goya.models.download',

  pauseDownload: 'goya.downloads.pause',
  resumeDownload: 'goya.downloads.resume',
  retryDownload: 'goya.downloads.retry',
  cancelDownload: 'goya.downloads.cancel',
  revealDownload: 'goya.downloads.reveal',
  discardDownload: 'goya.downloads.discard',
  copyDownloadError: 'goya.downloads.copyError',
  moveDownloadUp: 'goya.downloads.moveUp',
  moveDownloadFirst: 'goya.downloads.moveFirst',
  pauseAllDownloads: 'goya.downloads.pauseAll',
  resumeAllDownloads: 'goya.downloads.resumeAll',
  clearFinishedDownloads: 'goya.downloads.clearFinished',

  stopRun: 'goya.runs.stop',
  resumeRun: 'goya.runs.resume',
  removeRun: 'goya.runs.remove',
  revealRun: 'goya.runs.reveal',
  openRunConfig: 'goya.runs.openConfig',
  tryRun: 'goya.runs.try',
  prioritizeRun: 'goya.runs.prioritize',
  duplicateConfig: 'goya.runs.duplicateConfig',
  compareConfigs: 'goya.runs.compareConfigs',
  exportRunCsv: 'goya.runs.exportCsv',
  exportRunTensorBoard: 'goya.runs.exportTensorBoard',
  copyRunError: 'goya.runs.copyError',
  openRunOutput: 'goya.runs.openOutput',
  tryCheckpoint: 'goya.checkpoints.try',
  revealCheckpoint: 'goya.checkpoints.reveal',

  writeDataset: 'goya.datasets.write',
  draftTranscripts: 'goya.datasets.draft',
  removeDataset: 'goya.datasets.remove',
  revealDataset: 'goya.datasets.reveal',
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

export const views = {
  models: 'goya.models',
  downloads: 'goya.downloads',
  training: 'goya.training',
  datasets: 'goya.datasets',
} as const;
export type ViewId = (typeof views)[keyof typeof views];

/** The page that speaks, in VS Code's lower panel. */
export const speechView = { container: 'goyaSpeech', id: 'goya.speech' } as const;

export const editors = { audio: 'goya.audio' } as const;
export const panels = {
  dashboard: 'goya.dashboard',
  playground: 'goya.playground',
  model: 'goya.model',
  dataset: 'goya.dataset',
  compareAudio: 'goya.compareAudio',
} as const;
export type PanelType = (typeof panels)[keyof typeof panels];

/** Setting names without the `goya.` prefix. */
export const settingKeys = {
  language: 'language',
  modelsPath: 'modelsPath',
  storagePath: 'storagePath',
  notifications: 'notifications',
  hubEndpoint: 'hub.endpoint',
  hubProxy: 'hub.proxy',
  parallelFiles: 'downloads.parallelFiles',
  parallelRanges: 'downloads.parallelRanges',
  bytesPerSecond: 'downloads.bytesPerSecond',
  databaseUrl: 'database.url',
  trainingEngine: 'training.engine',
  maxParallelRuns: 'training.maxParallelRuns',
  lexicon: 'lexicon',
  textDigits: 'text.digits',
  textDiacritics: 'text.diacritics',
  backendNodePath: 'backend.nodePath',
} as const;
export type SettingKey = (typeof settingKeys)[keyof typeof settingKeys];

export const languages = ['auto', 'en', 'fa'] as const;
export type LanguageSetting = (typeof languages)[number];
export const notificationLevels = ['all', 'failures', 'none'] as const;
export type NotificationLevel = (typeof notificationLevels)[number];

/** Keys for `when` clauses. */
export const contextKeys = {
  /** True where the interface is in Persian: of what the manifest says twice, that is shown. */
  persian: 'goya.persian',
  /** True once there is one, for the steps of the walkthrough. */
  hasModels: 'goya.hasModels',
  hasDatasets: 'goya.hasDatasets',
  hasRuns: 'goya.hasRuns',
  /** `stopped`, `starting`, `running`, `waiting` or `failed`. */
  backend: 'goya.backend',
  /** `none`, `task` or `source`. */
  modelGrouping: 'goya.modelGrouping',
  /** True while a download is queued or running. */
  downloadsActive: 'goya.downloadsActive',
  /** True while the search's list is open. */
  searching: 'goya.searching',
  /** True while a download is paused, or failed in a way that may pass. */
  downloadsResumable: 'goya.downloadsResumable',
} as const;
export type ContextKey = (typeof contextKeys)[keyof typeof contextKeys];

/** Of package.json's `walkthroughs`: the same steps in each of the interface's languages. */
export const walkthroughs = { en: 'firstSteps', fa: 'firstStepsInPersian' } as const;

export const modelGroupings = ['none', 'task', 'source'] as const;
export type ModelGrouping = (typeof modelGroupings)[number];

/** `viewItem` values; a node's menu offers what its state allows. */
export const contextValues = {
  group: 'goya.group',
  problem: 'goya.problem',
  /** Ready, and the playground can run it. */
  modelPlayable: 'goya.model.ready.playable',
  modelReady: 'goya.model.ready',
  modelDownloading: 'goya.model.downloading',
  modelCorrupt: 'goya.model.corrupt',
  modelMissing: 'goya.model.missing',
  modelFolder: 'goya.modelFolder',
  modelFile: 'goya.modelFile',
  curated: 'goya.curated',
  downloadQueued: 'goya.download.queued',
  downloadDownloading: 'goya.download.downloading',
  downloadPaused: 'goya.download.paused',
  downloadCompleted: 'goya.download.completed',
  downloadFailed: 'goya.download.failed',
  /** It failed for want of a token, or of one that may. */
  downloadFailedToken: 'goya.download.failedToken',
  downloadCancelled: 'goya.download.cancelled',
  downloadFile: 'goya.downloadFile',
  runQueued: 'goya.run.queued',
  runRunning: 'goya.run.running',
  runStopping: 'goya.run.stopping',
  runStopped: 'goya.run.stopped',
  runCompleted: 'goya.run.completed',
  runFailed: 'goya.run.failed',
  runInterrupted: 'goya.run.interrupted',
  checkpoint: 'goya.checkpoint',
  dataset: 'goya.dataset',
} as const;
export type ContextValue = (typeof contextValues)[keyof typeof contextValues];

/** Which documents are training configs. */
export const trainingConfigPattern = '**/*.train.json';
export const trainingConfigLanguage = 'jsonc';
export const trainingConfigSuffix = '.train.json';

/** Schemes of the read-only documents and of the tree's decorations. */
export const schemes = {
  report: 'goya-report',
  run: 'goya-run',
  state: 'goya-state',
  schema: 'goya-schema',
  /** What a text command would make of a document. */
  preview: 'goya-text',
} as const;

/** Where VS Code's JSON support finds the schema of training configs. */
export const schemaUri = `${schemes.schema}://training/config.json`;
