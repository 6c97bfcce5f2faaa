import type { Language } from '../format';
import { en } from './en';
import { fa } from './fa';

export type MessageKey = keyof typeof en;
/** The string of the page's language with `{name}` places filled in. */
export type Translate = (key: MessageKey, values?: Readonly<Record<string, string>>) => string;

const languages: Record<Language, Readonly<Record<MessageKey, string>>> = { en, fa };

export function translator(language: Language): Translate {
  const messages = languages[language];
  return (key, values = {}) =>
    messages[key].replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}

/** First-strong isolate around a name of unknown direction, so that it does not turn the sentence around it. */
export function isolate(text: string): string {
  // A Persian sentence of the backend runs from right to left by itself; Chromium misplaces what two isolates begin.
  if (text.startsWith('\u2067')) return text;
  return `\u2068${text}\u2069`;
}
