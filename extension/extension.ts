/** Registers what package.json promises, and nothing else: whatever is heavy loads when it is first used. */
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { registerCommands } from './commands/register';
import { once } from './coalesce';
import { readText } from './configuration';
import { settingKeys, type LanguageSetting } from './contributions';
import { registerEditors } from './editors/register';
import { registerLanguage } from './language/register';
import { registerPanels } from './panels/register';
import type { Services } from './services';
import { resolveLanguage, useLanguage, type Bundle } from './text/translate';
import { registerViews } from './views/register';

let running: Services | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const startedAt = performance.now();
  const log = vscode.window.createOutputChannel('Goya', { log: true });
  chooseLanguage(context);
  const services = once(async () => {
    running = (await import('./services')).createServices(context, log);
    return running;
  });
  context.subscriptions.push(
    log,
    ...registerCommands(services),
    ...registerViews(services),
    ...registerLanguage(services),
    ...registerPanels(services),
    ...registerEditors(context, log, services),
  );
  log.info(`activated in ${(performance.now() - startedAt).toFixed(1)} ms`);
}

/** The window closes: the backend saves what runs and goes. */
export async function deactivate(): Promise<void> {
  await running?.supervisor.close();
}

function chooseLanguage(context: vscode.ExtensionContext): void {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  const setting = (readText(settingKeys.language) || 'auto') as LanguageSetting;
  const system = [LC_ALL, LC_MESSAGES, LANG, Intl.DateTimeFormat().resolvedOptions().locale];
  const language = resolveLanguage(setting, system);
  if (language === 'en') return;
  const file = context.asAbsolutePath(`l10n/bundle.l10n.${language}.json`);
  useLanguage(language, JSON.parse(readFileSync(file, 'utf8')) as Bundle);
}
