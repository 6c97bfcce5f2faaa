/**
 * Everything behind the registrations. A bundle of its own (`dist/extension/studio.js`), which `extension.ts` loads
 * when something is first used: opening a window costs only what it takes to register names.
 */
import type * as vscode from 'vscode';
import { reports } from './commands/report';
import { runCommand } from './commands/table';
import { panels, views, type CommandId, type PanelType, type ViewId } from './contributions';
import { showAudio } from './editors/audio';
import { createConfigLanguage, type ConfigLanguage } from './language/configLanguage';
import { chooseLanguage } from './chooseLanguage';
import { restoreComparison } from './commands/compareAudio';
import { datasetPage } from './panels/dataset';
import { dashboardPage } from './panels/dashboard';
import { modelPage } from './panels/model';
import { restorePanel } from './panels/openPanel';
import { playgroundPage } from './panels/playground';
import { createServices, type Services } from './services';
import { DatasetsTree } from './views/datasets';
import { DownloadsTree } from './views/downloads';
import type { Tree } from './views/lazyTree';
import { viewTitle } from './views/titles';
import { ModelsTree } from './views/models';
import { TrainingTree } from './views/training';

export type LoadStudio = () => Promise<Studio>;

export class Studio {
  readonly reports = reports;
  private language: ConfigLanguage | undefined;

  constructor(private readonly services: Services) {}

  run(id: CommandId, args: readonly unknown[]): Promise<unknown> {
    return runCommand(this.services, id, args);
  }

  tree(id: ViewId): Tree {
    switch (id) {
      case views.models:
        return new ModelsTree(this.services);
      case views.downloads:
        return new DownloadsTree(this.services);
      case views.training:
        return new TrainingTree(this.services);
      case views.datasets:
        return new DatasetsTree(this.services);
    }
  }

  /** Undefined where the manifest's stays. */
  title(id: ViewId): string | undefined {
    return viewTitle(id);
  }

  /** One for the window, made when the first training config is looked at. */
  configLanguage(): ConfigLanguage {
    this.language ??= createConfigLanguage(this.services);
    return this.language;
  }

  restore(type: PanelType, panel: vscode.WebviewPanel): Promise<void> {
    switch (type) {
      case panels.dashboard:
        return restorePanel(this.services, type, dashboardPage(this.services), panel);
      case panels.playground:
        return restorePanel(this.services, type, playgroundPage(this.services), panel);
      case panels.model:
        return restorePanel(this.services, type, modelPage(), panel);
      case panels.compareAudio:
        return restoreComparison(this.services, panel);
      case panels.dataset:
        return restorePanel(this.services, type, datasetPage(this.services), panel);
    }
  }

  showAudio(files: readonly vscode.Uri[], panel: vscode.WebviewPanel): Promise<void> {
    return showAudio(this.services, files, panel);
  }

  showSpeech(view: vscode.WebviewView): Promise<void> {
    return this.services.speech.resolve(view);
  }

  /** The backend saves what runs and goes. */
  close(): Promise<void> {
    return this.services.supervisor.close();
  }
}

export function openStudio(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Studio {
  chooseLanguage(context);
  return new Studio(createServices(context, log));
}
