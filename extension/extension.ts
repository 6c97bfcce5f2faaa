/** Registers what package.json promises, and nothing else: whatever is heavy is in `studio.ts`, loaded when first used. */
import * as vscode from 'vscode';
import { registerCommands } from './commands/register';
import { registerReports } from './commands/registerReports';
import { once } from './coalesce';
import { registerEditors } from './editors/register';
import { registerLanguage } from './language/register';
import { registerPanels } from './panels/register';
import { registerSpeech } from './speech/register';
import type { Studio } from './studio';
import { registerViews } from './views/register';

let running: Studio | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const startedAt = performance.now();
  const log = vscode.window.createOutputChannel('Goya', { log: true });
  const studio = once(async () => {
    running = (await import('./studio')).openStudio(context, log);
    return running;
  });
  context.subscriptions.push(
    log,
    ...registerCommands(studio),
    ...registerReports(studio),
    ...registerViews(studio),
    ...registerLanguage(studio),
    ...registerPanels(studio),
    ...registerEditors(studio),
    ...registerSpeech(studio),
  );
  log.info(`activated in ${(performance.now() - startedAt).toFixed(1)} ms`);
}

/** The window closes. */
export async function deactivate(): Promise<void> {
  await running?.close();
}
