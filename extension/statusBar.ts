/** The one status bar item: what runs now; a click shows it. */
import * as vscode from 'vscode';
import { describeActivity, isActiveDownload, isResumableDownload, type BackendKind } from './activity';
import { setContext } from './context';
import { commands, contextKeys, views } from './contributions';
import type { Topics } from './topics';

export interface BackendWatch {
  readonly state: { readonly kind: BackendKind };
  onState(listener: (state: { readonly kind: BackendKind }) => void): () => void;
}

export function createStatusBar(backend: BackendWatch, topics: Topics): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('goya.activity', vscode.StatusBarAlignment.Left, 10);
  item.name = 'Goya';
  const update = (): void => {
    const downloads = topics.downloads.mirror.list();
    // While something comes in, one wants to see it; otherwise, what one can do.
    item.command = downloads.some(isActiveDownload) ? `${views.downloads}.focus` : commands.showActivity;
    const shown = describeActivity(backend.state.kind, downloads, topics.runs.mirror.list());
    item.text = shown.text;
    item.tooltip = shown.tooltip;
    item.accessibilityInformation = { label: shown.text.replace(/\$\([^)]*\)\s*/g, '') };
    item.backgroundColor = shown.failed ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    setContext(contextKeys.backend, backend.state.kind);
    const runs = topics.runs.mirror.list();
    setContext(
      contextKeys.hasRuns,
      runs.some(({ state }) => state === 'completed'),
    );
    setContext(
      contextKeys.hasModels,
      topics.models.mirror.list().some(({ status }) => status === 'ready'),
    );
    setContext(contextKeys.hasDatasets, topics.datasets.mirror.list().length > 0);
    setContext(contextKeys.downloadsActive, downloads.some(isActiveDownload));
    setContext(contextKeys.downloadsResumable, downloads.some(isResumableDownload));
  };
  const stops = [
    backend.onState(update),
    topics.downloads.mirror.onChange(update),
    topics.runs.mirror.onChange(update),
    topics.models.mirror.onChange(update),
    topics.datasets.mirror.onChange(update),
  ];
  update();
  item.show();
  return new vscode.Disposable(() => {
    for (const stop of stops) stop();
    item.dispose();
  });
}
