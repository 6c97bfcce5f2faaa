/** What the editor knows about training configs, together: made when the first one is opened. */
import type * as vscode from 'vscode';
import { toStudioError } from '../../protocol/wire/errors';
import type { Services } from '../services';
import { ConfigDiagnostics } from './diagnostics';
import { ConfigLenses } from './lens';
import { provideCompletions, provideHover } from './providers';
import { taskList } from './tasks';

export interface ConfigLanguage {
  readonly diagnostics: ConfigDiagnostics;
  readonly lenses: ConfigLenses;
  complete(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.CompletionItem[]>;
  hover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined>;
}

export function createConfigLanguage(services: Services): ConfigLanguage {
  const diagnostics = new ConfigDiagnostics(services);
  const lenses = new ConfigLenses(services);
  services.context.subscriptions.push(diagnostics, lenses);
  const tasks = taskList(services);
  /** Completion and hover come unasked while one types: a backend that does not run must not pop up messages. */
  const quietly = async <T>(work: Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      services.log.warn(`no help for the training config: ${toStudioError(error).message}`);
      return otherwise;
    }
  };
  return {
    diagnostics,
    lenses,
    complete: (document, position) => quietly(provideCompletions(document, position, tasks), []),
    hover: (document, position) => quietly(provideHover(document, position, tasks), undefined),
  };
}
