/** Findings of a data set's inspection in the Problems panel, on the file and line they are about. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { DatasetProblem, DatasetReport } from '../protocol/model/dataset';

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const;

export class DatasetDiagnostics {
  private readonly collection = vscode.languages.createDiagnosticCollection('goya-data');
  /** Files that a data set's last report spoke of: cleared by its next. */
  private readonly reported = new Map<string, readonly vscode.Uri[]>();

  constructor(context: vscode.ExtensionContext) {
    context.subscriptions.push(this.collection);
  }

  show(dataset: string, report: DatasetReport): void {
    for (const uri of this.reported.get(dataset) ?? []) this.collection.delete(uri);
    const byFile = new Map<string, DatasetProblem[]>();
    for (const problem of report.problems) {
      const file = path.resolve(dataset, problem.file ?? '.');
      byFile.set(file, [...(byFile.get(file) ?? []), problem]);
    }
    for (const [file, problems] of byFile)
      this.collection.set(vscode.Uri.file(file), problems.map(toDiagnostic));
    this.reported.set(
      dataset,
      [...byFile.keys()].map((file) => vscode.Uri.file(file)),
    );
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

export function datasetDiagnostics(context: vscode.ExtensionContext): DatasetDiagnostics {
  const known = instances.get(context) ?? new DatasetDiagnostics(context);
  instances.set(context, known);
  return known;
}
