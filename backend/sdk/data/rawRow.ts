/** Changes the text in a row as it stands in its file, and nothing else of it: quoting, spaces and order stay. */
import type { DataSource } from './source';

export interface TextPlace {
  readonly delimiter: string;
  readonly quotes: boolean;
  /** Column of the text from 0; of LJSpeech the last that is filled. */
  readonly column: number | 'last';
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The cells of a row, quotes included. */
function cellSpans(raw: string, { delimiter, quotes }: TextPlace): Span[] {
  const spans: Span[] = [];
  let start = 0;
  let inside = false;
  for (let i = 0; i < raw.length; i++) {
    const sign = raw.charAt(i);
    if (quotes && sign === '"') inside = !inside;
    else if (!inside && sign === delimiter) {
      spans.push({ start, end: i });
      start = i + 1;
    }
  }
  spans.push({ start, end: raw.length });
  return spans;
}

function encode(text: string, before: string, { delimiter, quotes }: TextPlace): string {
  if (!quotes) return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(delimiter, ' ');
  const quoted = before.trimStart().startsWith('"');
  const needed = text.includes(delimiter) || /["\r\n]/.test(text) || text !== text.trim();
  return quoted || needed ? `"${text.replaceAll('"', '""')}"` : text;
}

/** `raw`: the row's lines without the last line break. Undefined when the row has no such cell. */
export function withText(raw: string, text: string, place: TextPlace): string | undefined {
  const ending = raw.endsWith('\r') ? '\r' : '';
  const line = ending === '' ? raw : raw.slice(0, -1);
  const spans = cellSpans(line, place);
  const last = spans.findLastIndex(
    ({ start, end }, i) => i > 0 && i < 3 && line.slice(start, end).trim() !== '',
  );
  const span = spans[place.column === 'last' ? Math.max(1, last) : place.column];
  if (span === undefined) return undefined;
  const cell = encode(text, line.slice(span.start, span.end), place);
  return line.slice(0, span.start) + cell + line.slice(span.end) + ending;
}

/** The same of a JSON object on one line. */
export function withJsonText(raw: string, column: string, text: string): string | undefined {
  const key = JSON.stringify(column).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = new RegExp(`(${key}\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`);
  const next = raw.replace(pattern, (_, before: string) => before + JSON.stringify(text));
  const wanted = JSON.stringify({ ...parse(raw), [column]: text });
  // Inside another object or a string the first match is not the one that is meant.
  return JSON.stringify(parse(next)) === wanted ? next : wanted;
}

function parse(raw: string): Record<string, unknown> {
  return JSON.parse(raw.replace(/^\ufeff/, '')) as Record<string, unknown>;
}

/** Where LJSpeech and Common Voice keep their texts; other tables say it in their header. */
export function textPlace(source: DataSource, delimiter: string, column: number): TextPlace {
  if (source.format === 'ljspeech') return { delimiter: '|', quotes: false, column: 'last' };
  return { delimiter, quotes: source.format !== 'common-voice', column };
}
