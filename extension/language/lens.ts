/** The line above a training config: Train, Validate Data, Estimate, and what became of its runs. */
import * as vscode from 'vscode';
import type { Run } from '../../protocol/model/run';
import { isActiveRun } from '../activity';
import { commands } from '../contributions';
import type { Services } from '../services';
import { t } from '../text/translate';
import { describe } from '../views/looks/run';
import { estimates, estimateText } from './estimates';
import { lastRun, resumableRun } from './runsOfFile';

export class ConfigLenses implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changes.event;
  private readonly stops: (() => void)[];

  constructor(private readonly services: Services) {
    const measured = estimates.onDidChange(() => this.changes.fire());
    this.stops = [
      services.topics.runs.mirror.onChange((change) => {
        if (change.kind === 'reset' || change.item.configPath !== undefined) this.changes.fire();
      }),
      () => {
        measured.dispose();
      },
    ];
  }

  provide(document: vscode.TextDocument): vscode.CodeLens[] {
    const top = new vscode.Range(0, 0, 0, 0);
    const lens = (title: string, command: string, ...args: unknown[]): vscode.CodeLens =>
      new vscode.CodeLens(top, { title, command, arguments: args });
    const runs = this.services.topics.runs.mirror.list();
    const estimate = estimates.of(document);
    return [
      lens(`$(play) ${t('Train')}`, commands.train, document.uri),
      lens(`$(check) ${t('Validate Data')}`, commands.checkConfig, document.uri),
      lens(
        `$(watch) ${estimate === undefined ? t('Estimate') : estimateText(estimate)}`,
        commands.estimateRun,
        document.uri,
      ),
      ...runLenses(runs, document.uri.fsPath, lens),
    ];
  }

  dispose(): void {
    for (const stop of this.stops) stop();
    this.changes.dispose();
  }
}

type MakeLens = (title: string, command: string, ...args: unknown[]) => vscode.CodeLens;

function runLenses(runs: readonly Run[], file: string, lens: MakeLens): vscode.CodeLens[] {
  const last = lastRun(runs, file);
  if (last === undefined) return [];
  const lenses = [lens(`$(pulse) ${describe(last)} · ${t('Dashboard')}`, commands.openDashboard, last.id)];
  if (isActiveRun(last)) {
    if (last.state === 'running') lenses.push(lens(`$(debug-stop) ${t('Stop')}`, commands.stopRun, last.id));
    return lenses;
  }
  const resumable = resumableRun(runs, file);
  if (resumable !== undefined)
    lenses.push(lens(`$(debug-continue) ${t('Resume')}`, commands.resumeRun, resumable.id));
  return lenses;
}
