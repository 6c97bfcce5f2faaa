/**
 * The language of the sentences that people read: verdicts, notes, problems, health, errors. The English sentence is
 * the key, as in the interface's own texts; the Persian one stands in a catalogue. A process has one session, so it has
 * one language, told by the session's `locale`: English unless that is Persian. A sentence that is stored (of a failed
 * download, a run) stays in the language in which it was said.
 */

export type Language = 'en' | 'fa';
/** Persian by the English sentence, in which `{0}`, `{1}`… stand for what is filled in, in their order. */
export type Persian = Readonly<Record<string, string>>;
/** A tag of template literals: `` say`${file} is a folder.` ``, looked up as `{0} is a folder.`. */
export type Say = (sentence: TemplateStringsArray, ...values: readonly (string | number)[]) => string;

const rightToLeft = '\u2067';
const firstStrong = '\u2068';
const end = '\u2069';

let current: Language = 'en';
let catalogue: Persian = {};

/** Takes effect at once for all that is said from then on; the backend's own catalogue is loaded where it is needed. */
export async function useLanguage(locale: string | undefined): Promise<void> {
  current = /^fa([-_]|$)/i.test(locale ?? '') ? 'fa' : 'en';
  if (current === 'fa') ({ catalogue } = await import('./fa/catalogue'));
}

export function language(): Language {
  return current;
}

/** Speaks from the backend's own catalogue. */
export const say: Say = (sentence, ...values) => render(catalogue, sentence, values);

/** For a plugin, which brings its Persian with it. */
export function sayIn(persian: Persian): Say {
  return (sentence, ...values) => render(persian, sentence, values);
}

/** Sentences one after the other, in the direction of their language. */
export function sentences(...said: readonly (string | undefined)[]): string {
  const text = said.filter((sentence) => sentence !== undefined && sentence !== '').join(' ');
  return current === 'fa' && text !== '' && !isIsolated(text) ? rightToLeft + text + end : text;
}

/** `a, b, c` with the comma (or semicolon) of the language, in its direction. */
export function listed(items: readonly (string | number)[], mark: ',' | ';' = ','): string {
  if (current === 'en') return items.join(`${mark} `);
  return rightToLeft + items.map(isolate).join(mark === ',' ? '، ' : '؛ ') + end;
}

/** A number with so many decimals. */
export function figure(value: number, decimals: number): string {
  if (current === 'en') return value.toFixed(decimals);
  return persianNumber(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** What the English sentence is looked up by. */
export function keyOf(parts: readonly string[]): string {
  return parts.reduce((key, part, i) => `${key}{${i - 1}}${part}`);
}

function render(persian: Persian, parts: readonly string[], values: readonly (string | number)[]): string {
  const translated = current === 'fa' ? persian[keyOf(parts)] : undefined;
  if (translated === undefined) {
    return parts.reduce((text, part, i) => `${text}${String(values[i - 1] ?? '')}${part}`);
  }
  const filled = translated.replace(/\{(\d+)\}/g, (_, index: string) => isolate(values[Number(index)] ?? ''));
  return rightToLeft + filled + end;
}

/** What is filled in keeps its own direction; figures are written with Persian digits. */
function isolate(value: string | number): string {
  if (typeof value === 'number') return persianNumber(value, { maximumFractionDigits: 6 });
  if (isIsolated(value)) return value;
  if (value.includes(rightToLeft)) return rightToLeft + value + end;
  return /[A-Za-z0-9]/.test(value) ? firstStrong + value + end : value;
}

/** One isolate from end to end. A second one right around it would say nothing, and Chromium drops what stands in two. */
function isIsolated(value: string): boolean {
  let depth = 0;
  for (let i = 0; i < value.length; i += 1) {
    const sign = value.charAt(i);
    if (sign === rightToLeft || sign === firstStrong) depth += 1;
    else if (sign === end) depth -= 1;
    if (depth === 0 && i < value.length - 1) return false;
  }
  return depth === 0 && value.endsWith(end);
}

function persianNumber(value: number, options: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat('fa-IR', options).format(value);
}
