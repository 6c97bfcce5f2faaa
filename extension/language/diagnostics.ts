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
import type { Finding } from './findings';
import { spanOf } from './pointer';
import { rangeOf } from './pointerRange';

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

/** What was found in a document, as long as its text is the same. */
interface Checked {
  readonly version: number;
  readonly findings: readonly Finding[];
}

export class ConfigDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('goya-config');
  private readonly checked = new Map<string, Checked>();
  /** Who waits for the answer to the newest text. */
  private readonly waiting = new Map<string, (() => void)[]>();
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
      this.checked.delete(document.uri.toString());
      this.release(document.uri);
      this.collection.set(document.uri, syntaxDiagnostics(document, config));
      return;
    }
    validation.ask({ document, version: document.version, config }, pause);
  }

  close(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    this.validations.get(key)?.stop();
    this.validations.delete(key);
    this.checked.delete(key);
    this.collection.delete(document.uri);
    this.release(document.uri);
  }

  /** The same once the text as it stands has been looked at: a person may ask for a quick fix before that. */
  async found(document: vscode.TextDocument): Promise<readonly Finding[]> {
    const key = document.uri.toString();
    const isBroken = readConfigText(document.getText()).value === undefined;
    if (this.checked.get(key)?.version !== document.version && this.validations.has(key) && !isBroken)
      await new Promise<void>((resolve) => {
        this.waiting.set(key, [...(this.waiting.get(key) ?? []), resolve]);
      });
    return this.findings(document);
  }

  /** What was found in the text as it stands; none while it is being looked at. */
  findings(document: vscode.TextDocument): readonly Finding[] {
    const checked = this.checked.get(document.uri.toString());
    return checked?.version === document.version ? checked.findings : [];
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
      done: (question, problems) => this.take(question, problems),
      failed: ({ document: { uri } }, error) => {
        // The text may be right or wrong: nobody could say. Old findings would be a guess.
        this.checked.delete(uri.toString());
        this.collection.delete(uri);
        this.release(uri);
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

  private take({ document, version, config }: Question, problems: readonly ConfigProblem[]): void {
    if (document.isClosed || document.version !== version) return;
    const findings = problems.map((problem) => ({ problem, span: spanOf(config.root, problem.path) }));
    this.checked.set(document.uri.toString(), { version, findings });
    this.release(document.uri);
    this.show(document);
  }

  private release(uri: vscode.Uri): void {
    const resolved = this.waiting.get(uri.toString()) ?? [];
    this.waiting.delete(uri.toString());
    for (const resolve of resolved) resolve();
  }

  private show(document: vscode.TextDocument): void {
    const { uri } = document;
    const shown = this.findings(document).map(({ problem, span }) =>
      diagnostic(rangeOf(document, span), problem.message, severities[problem.severity], problem.code),
    );
    this.collection.set(uri, shown);
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
    diagnostic(rangeOf(document, problem), problem.message, vscode.DiagnosticSeverity.Error),
  );
}

function diagnostic(
  range: vscode.Range,
  message: string,
  severity: vscode.DiagnosticSeverity,
  code?: string,
): vscode.Diagnostic {
  const made = new vscode.Diagnostic(range, message, severity);
  made.source = t('Goya');
  if (code !== undefined) made.code = code;
  return made;
}
