/** Findings of a data set's inspection in the Problems panel, on the file and line they are about. */
import path from 'node:path';
import * as vscode from 'vscode';
import { datasetsInspect } from '../protocol/api/datasets';
import type { DatasetProblem, DatasetReport } from '../protocol/model/dataset';
import { DatasetFixes } from './datasetFixes';
import type { Services } from './services';

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const;

/** A program that writes a table does so in several strokes. */
const settleMs = 500;
const tables = '{*.csv,*.tsv,*.jsonl,*.ndjson}';

export class DatasetDiagnostics {
  private readonly collection = vscode.languages.createDiagnosticCollection('goya-data');
  /** Files that a data set's last report spoke of: cleared by its next. */
  private readonly reported = new Map<string, readonly vscode.Uri[]>();
  /** One for each data set: what changes it is looked at again. */
  private readonly watchers = new Map<string, vscode.Disposable>();

  constructor(private readonly services: Services) {
    const fixes = vscode.languages.registerCodeActionsProvider(
      { scheme: 'file', pattern: `**/${tables}` },
      new DatasetFixes(services),
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    );
    const watching = { dispose: () => this.watchers.forEach((watcher) => void watcher.dispose()) };
    services.context.subscriptions.push(this.collection, fixes, watching);
  }

  show(dataset: string, report: DatasetReport): void {
    for (const uri of this.reported.get(dataset) ?? []) this.collection.delete(uri);
    const byFile = new Map<string, DatasetProblem[]>();
    for (const problem of report.problems) {
      const file = path.resolve(dataset, problem.file ?? '.');
      const same = byFile.get(file);
      if (same === undefined) byFile.set(file, [problem]);
      else same.push(problem);
    }
    for (const [file, problems] of byFile)
      this.collection.set(vscode.Uri.file(file), problems.map(toDiagnostic));
    this.reported.set(
      dataset,
      [...byFile.keys()].map((file) => vscode.Uri.file(file)),
    );
    if (!this.watchers.has(dataset)) this.watchers.set(dataset, this.watch(dataset, report));
  }

  private watch(dataset: string, { format }: DatasetReport): vscode.Disposable {
    const isFile = !['folder-per-label', 'ljspeech'].includes(format) && path.extname(dataset) !== '';
    const pattern = isFile
      ? new vscode.RelativePattern(vscode.Uri.file(path.dirname(dataset)), path.basename(dataset))
      : new vscode.RelativePattern(vscode.Uri.file(dataset), tables);
    const watcher = vscode.workspace.createFileSystemWatcher(pattern, true, false, true);
    let pause: NodeJS.Timeout | undefined;
    watcher.onDidChange(() => {
      clearTimeout(pause);
      pause = setTimeout(() => void this.lookAgain(dataset), settleMs);
    });
    return vscode.Disposable.from(watcher, new vscode.Disposable(() => clearTimeout(pause)));
  }

  private async lookAgain(dataset: string): Promise<void> {
    try {
      this.show(dataset, await this.services.client.call(datasetsInspect, { path: dataset }));
    } catch (error) {
      // The findings on the screen stay; the next look that a person asks for says what is wrong.
      this.services.log.warn(`${dataset} could not be looked at again: ${String(error)}`);
    }
  }
}

function toDiagnostic(problem: DatasetProblem): vscode.Diagnostic {
  const line = (problem.line ?? 1) - 1;
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER),
    problem.message,
    severities[problem.severity],
  );
  diagnostic.source = 'Goya';
  diagnostic.code = problem.code;
  return diagnostic;
}

const instances = new WeakMap<vscode.ExtensionContext, DatasetDiagnostics>();

export function datasetDiagnostics(services: Services): DatasetDiagnostics {
  const known = instances.get(services.context) ?? new DatasetDiagnostics(services);
  instances.set(services.context, known);
  return known;
}
