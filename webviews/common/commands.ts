/** The extension's commands that pages call; a test holds them to extension/contributions.ts. */
export const pageCommands = {
  showLog: 'goya.showLog',
  searchModels: 'goya.searchModels',
  openModelPage: 'goya.openModelPage',
  revealModel: 'goya.models.reveal',
  setToken: 'goya.setToken',
  train: 'goya.train',
  newTrainingConfig: 'goya.newTrainingConfig',
  openDashboard: 'goya.openDashboard',
  stopRun: 'goya.runs.stop',
  resumeRun: 'goya.runs.resume',
  revealRun: 'goya.runs.reveal',
  openRunConfig: 'goya.runs.openConfig',
  tryRun: 'goya.runs.try',
  tryCheckpoint: 'goya.checkpoints.try',
} as const;
