/** A notification of work under way that can be cancelled. */
import * as vscode from 'vscode';
import { language, sentences } from '../text/translate';

/** How far the work is: a sentence, and the percent points since the last report. */
export type Report = (message: string, increment?: number) => void;

/**
 * VS Code joins title and message from left to right, which puts a Persian message before its title. There the two are
 * given as one message, which runs the other way.
 */
export function withNotice<T>(
  title: string,
  work: (signal: AbortSignal, report: Report) => Promise<T>,
): Thenable<T> {
  const options = { location: vscode.ProgressLocation.Notification, cancellable: true };
  const joined = language() === 'fa';
  return vscode.window.withProgress(joined ? options : { ...options, title }, async (progress, token) => {
    const controller = new AbortController();
    const stop = token.onCancellationRequested(() => controller.abort());
    if (joined) progress.report({ message: title });
    try {
      return await work(controller.signal, (message, increment = 0) => {
        progress.report({ message: joined ? sentences(`${title}:`, message) : message, increment });
      });
    } finally {
      stop.dispose();
    }
  });
}
