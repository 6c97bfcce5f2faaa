/** The line above a training config: Train, Check, and what became of its last run. */
import * as vscode from 'vscode';
import type { Run } from '../../protocol/model/run';
import { isActiveRun } from '../activity';
import { commands } from '../contributions';
import type { Services } from '../services';
import { t } from '../text/translate';
import { describe } from '../views/looks/run';

export class ConfigLenses implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changes.event;
  private readonly stop: () => void;

  constructor(private readonly services: Services) {
    this.stop = services.topics.runs.mirror.onChange((change) => {
      if (change.kind === 'reset' || change.item.configPath !== undefined) this.changes.fire();
    });
  }

  provide(document: vscode.TextDocument): vscode.CodeLens[] {
    const top = new vscode.Range(0, 0, 0, 0);
    const file = document.uri.fsPath;
    const lens = (title: string, command: string, ...args: unknown[]): vscode.CodeLens =>
      new vscode.CodeLens(top, { title, command, arguments: args });
    const last = lastRun(this.services.topics.runs.mirror.list(), file);
    const lenses = [
      lens(`$(play) ${t('Train')}`, commands.train, document.uri),
      lens(`$(check) ${t('Check')}`, commands.checkConfig, document.uri),
    ];
    if (last === undefined) return lenses;
    lenses.push(lens(`$(pulse) ${describe(last)} · ${t('Dashboard')}`, commands.openDashboard, last.id));
    if (last.state === 'running') lenses.push(lens(`$(debug-stop) ${t('Stop')}`, commands.stopRun, last.id));
    if (last.state === 'stopped' || last.state === 'interrupted')
      lenses.push(lens(`$(debug-continue) ${t('Resume')}`, commands.resumeRun, last.id));
    return lenses;
  }

  dispose(): void {
    this.stop();
    this.changes.dispose();
  }
}

/** The run of this file that is on, else the newest. */
function lastRun(runs: readonly Run[], file: string): Run | undefined {
  return runs
    .filter((run) => run.configPath === file)
    .toSorted(
      (a, b) => Number(isActiveRun(b)) - Number(isActiveRun(a)) || b.createdAt.localeCompare(a.createdAt),
    )[0];
}
