/**
 * The words of the interface. The English sentence is the key, as in VS Code's own l10n bundles; Persian comes from
 * `l10n/bundle.l10n.fa.json`. VS Code has no Persian display language, so the setting `goya.language` decides.
 */
import type { LanguageSetting } from '../contributions';

export type Language = 'en' | 'fa';
export type Bundle = Readonly<Record<string, string>>;

let current: { language: Language; bundle: Bundle } = { language: 'en', bundle: {} };

export function useLanguage(language: Language, bundle: Bundle): void {
  current = { language, bundle };
}

export function language(): Language {
  return current.language;
}

/**
 * The sentence in the interface's language with `{0}`, `{1}`… filled in. The first argument is always a literal: a test
 * collects them. A Persian sentence runs from right to left by itself, even when a Latin name comes first in it, and
 * what is filled in keeps its own direction: VS Code lays everything out from left to right.
 */
export function t(message: string, ...args: readonly string[]): string {
  const persian = current.language === 'fa';
  const text = (current.bundle[message] ?? message).replace(/\{(\d+)\}/g, (place, index: string) => {
    const given = args[Number(index)];
    if (given === undefined) return place;
    return persian && /[A-Za-z]/.test(given) ? `\u2068${given}\u2069` : given;
  });
  if (!persian) return text;
  return `${message in current.bundle ? '\u2067' : '\u2068'}${text}\u2069`;
}

/** Sentences one after the other, in the direction of their language: each alone would stand left to right. */
export function sentences(...said: readonly string[]): string {
  const text = said.filter((sentence) => sentence !== '').join(' ');
  return current.language === 'fa' ? `\u2067${text}\u2069` : text;
}

/** `auto` follows the operating system, the first of whose locales decides. */
export function resolveLanguage(
  setting: LanguageSetting,
  systemLocales: readonly (string | undefined)[],
): Language {
  if (setting !== 'auto') return setting;
  const first = systemLocales.find((locale) => locale !== undefined && locale !== '' && locale !== 'C');
  return /^fa\b/i.test(first?.replace('_', '-') ?? '') ? 'fa' : 'en';
}
