import * as vscode from 'vscode';
import type { ContextKey } from './contributions';

/** Sets a key for `when` clauses. */
export function setContext(key: ContextKey, value: string | boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
