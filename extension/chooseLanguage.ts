import { readFileSync } from 'node:fs';
import type * as vscode from 'vscode';
import { readText } from './configuration';
import { setContext } from './context';
import { contextKeys, settingKeys, type LanguageSetting } from './contributions';
import { resolveLanguage, useLanguage, type Bundle } from './text/translate';

/** Puts the interface into the language of the setting `goya.language`; `auto` asks the operating system. */
export function chooseLanguage(context: vscode.ExtensionContext): void {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  const setting = (readText(settingKeys.language) || 'auto') as LanguageSetting;
  const system = [LC_ALL, LC_MESSAGES, LANG, Intl.DateTimeFormat().resolvedOptions().locale];
  const language = resolveLanguage(setting, system);
  setContext(contextKeys.persian, language === 'fa');
  if (language === 'en') return;
  const file = context.asAbsolutePath(`l10n/bundle.l10n.${language}.json`);
  useLanguage(language, JSON.parse(readFileSync(file, 'utf8')) as Bundle);
}
