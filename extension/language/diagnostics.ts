/** Problems of training configs as one types: broken JSON at once, the backend's findings after a short pause. */
import path from 'node:path';
import * as vscode from 'vscode';
import { trainingValidate } from '../../protocol/api/training';
import type { ConfigProblem } from '../../protocol/model/run';
import { toStudioError } from '../../protocol/wire/errors';
import type { Services } from '../services';
import { systemClock } from '../supervisor';
import { t } from '../text/translate';
import { readConfigText, type ConfigText } from './configText';
import { Latest } from './latest';
import { spanOf, type Span } from './pointer';

const pauseMs = 250;

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const;

interface Question {
  readonly document: vscode.TextDocument;
  readonly version: number;
  readonly config: ConfigText;
}

export class ConfigDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('goya-config');
  private readonly validations = new Map<string, Latest<Question, readonly ConfigProblem[]>>();

  constructor(private readonly services: Services) {
    services.client.onRestored(() => {
      for (const document of vscode.workspace.textDocuments)
        if (this.validations.has(document.uri.toString())) this.check(document, 0);
    });
  }

  /** Checks the text as it stands, saved or not. */
  check(document: vscode.TextDocument, pause = pauseMs): void {
    const config = readConfigText(document.getText());
    const validation = this.validationOf(document);
    if (config.value === undefined) {
      validation.stop();
      this.collection.set(document.uri, syntaxDiagnostics(document, config));
      return;
    }
    validation.ask({ document, version: document.version, config }, pause);
  }

  close(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    this.validations.get(key)?.stop();
    this.validations.delete(key);
    this.collection.delete(document.uri);
  }

  dispose(): void {
    for (const validation of this.validations.values()) validation.stop();
    this.collection.dispose();
  }

  private validationOf(document: vscode.TextDocument): Latest<Question, readonly ConfigProblem[]> {
    const key = document.uri.toString();
    const known = this.validations.get(key);
    if (known !== undefined) return known;
    const made = new Latest<Question, readonly ConfigProblem[]>({
      pauseMs,
      work: async (question, signal) => (await this.validate(question, signal)).problems,
      done: (question, problems) => this.show(question, problems),
      failed: ({ document: { uri } }, error) => {
        // The text may be right or wrong: nobody could say. Old findings would be a guess.
        this.collection.delete(uri);
        this.services.log.warn(`${uri.fsPath} could not be checked: ${toStudioError(error).message}`);
      },
      clock: systemClock,
    });
    this.validations.set(key, made);
    return made;
  }

  private validate({ document, config }: Question, signal: AbortSignal) {
    return this.services.client.call(
      trainingValidate,
      { config: config.value ?? {}, basePath: path.dirname(document.uri.fsPath) },
      signal,
    );
  }

  private show({ document, version, config }: Question, problems: readonly ConfigProblem[]): void {
    if (document.isClosed || document.version !== version) return;
    this.collection.set(
      document.uri,
      problems.map((problem) =>
        diagnostic(
          document,
          spanOf(config.root, problem.path),
          problem.message,
          severities[problem.severity],
        ),
      ),
    );
  }
}

/** VS Code's own JSON support underlines broken JSON; where it is off, we do. */
function syntaxDiagnostics(document: vscode.TextDocument, config: ConfigText): vscode.Diagnostic[] {
  const builtIn =
    vscode.extensions.getExtension('vscode.json-language-features') !== undefined &&
    vscode.workspace.getConfiguration('json', document).get('validate.enable', true);
  const objectMissing = config.root !== undefined && config.root.type !== 'object';
  if (builtIn && !objectMissing) return [];
  return config.syntaxProblems.map((problem) =>
    diagnostic(document, problem, problem.message, vscode.DiagnosticSeverity.Error),
  );
}

function diagnostic(
  document: vscode.TextDocument,
  span: Span,
  message: string,
  severity: vscode.DiagnosticSeverity,
): vscode.Diagnostic {
  const range = new vscode.Range(
    document.positionAt(span.offset),
    document.positionAt(span.offset + span.length),
  );
  const made = new vscode.Diagnostic(range, message, severity);
  made.source = t('Goya');
  return made;
}
