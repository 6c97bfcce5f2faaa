/** Transcripts as they lie beside recordings: WebVTT and SubRip, label files, JSON of recognisers, plain text, tables. */
import { segmentOf, type Segment, type Word } from './transcript';

/** `seconds`: length of the recording, for a text without times. Undefined for a file that holds no transcript. */
export function parseTranscript(name: string, text: string, seconds: number): Segment[] | undefined {
  const clean = text.replace(/^\ufeff/, '').trim();
  if (clean === '') return undefined;
  const found = parsed(name, clean, seconds)
    ?.filter(({ text: said, from, to }) => said !== '' && from >= 0 && to >= from)
    .sort((a, b) => a.from - b.from);
  return found === undefined || found.length === 0 ? undefined : found;
}

function parsed(name: string, text: string, seconds: number): Segment[] | undefined {
  if (/\.json$/i.test(name)) return fromJson(text, seconds);
  if (/\.(vtt|srt)$/i.test(name)) return fromSubtitles(text);
  return fromLabels(text) ?? (/\.lab$/i.test(name) ? undefined : [segmentOf(0, seconds, text)]);
}

const cue = /(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})\s+-->\s+(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})/;

function fromSubtitles(text: string): Segment[] {
  return text.split(/\r?\n\s*\r?\n/).flatMap((block) => {
    const lines = block.split(/\r?\n/);
    const at = lines.findIndex((line) => cue.test(line));
    const match = cue.exec(lines[at] ?? '');
    if (match === null) return [];
    const time = (i: number): number =>
      Number(match[i] ?? 0) * 3600 +
      Number(match[i + 1]) * 60 +
      Number(match[i + 2]) +
      Number(`0.${match[i + 3] ?? '0'}`);
    const said = lines
      .slice(at + 1)
      .join(' ')
      .replaceAll(/<[^>]*>/g, '');
    return [segmentOf(time(1), time(5), said)];
  });
}

/** Audacity's labels (seconds) and HTK's (units of 100 ns); undefined when a line is neither. */
function fromLabels(text: string): Segment[] | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('\\'));
  const rows = lines.map((line) => /^\s*(\d+(?:\.\d+)?)\s+(\d+(?:\.\d+)?)(?:\s+(.*))?$/.exec(line));
  if (rows.length === 0 || rows.some((row) => row === null)) return undefined;
  const whole = rows.every((row) => row !== null && !`${row[1] ?? ''}${row[2] ?? ''}`.includes('.'));
  const longest = Math.max(...rows.map((row) => Number(row?.[2] ?? 0)));
  const unit = whole && longest > 100_000 ? 1e-7 : 1;
  return rows.map((row) => segmentOf(Number(row?.[1]) * unit, Number(row?.[2]) * unit, row?.[3] ?? ''));
}

function fromJson(text: string, seconds: number): Segment[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const list = Array.isArray(value) ? value : (field(value, 'segments') ?? field(value, 'chunks'));
  if (Array.isArray(list)) return list.flatMap((item) => jsonSegment(item));
  const said = field(value, 'text');
  return typeof said === 'string' ? [segmentOf(0, seconds, said)] : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** Whisper's `start` and `end`, or the `timestamp` pair of Transformers' pipelines. */
function jsonTimes(item: unknown): { from: number; to: number } | undefined {
  const pair = field(item, 'timestamp');
  const [a, b] = Array.isArray(pair) ? (pair as unknown[]) : [field(item, 'start'), field(item, 'end')];
  return typeof a === 'number' && typeof b === 'number' ? { from: a, to: b } : undefined;
}

function jsonSegment(item: unknown): Segment[] {
  const times = jsonTimes(item);
  const said = field(item, 'text');
  if (times === undefined || typeof said !== 'string') return [];
  const given = field(item, 'words');
  const words = Array.isArray(given) ? given.flatMap((word) => jsonWord(word)) : [];
  const segment = segmentOf(times.from, times.to, said);
  return [words.length === 0 ? segment : { ...segment, words, estimated: false }];
}

function jsonWord(item: unknown): Word[] {
  const times = jsonTimes(item);
  const said = field(item, 'word') ?? field(item, 'text');
  return times === undefined || typeof said !== 'string' ? [] : [{ ...times, text: said.trim() }];
}

/**
 * A recording's row of `metadata.csv`: LJSpeech's `id|text|normalised text` or a table with a header. `lines`: the
 * header and those that name the recording.
 */
export function transcriptOfRow(
  lines: readonly string[],
  stem: string,
  seconds: number,
): Segment[] | undefined {
  const [header = '', ...rest] = lines;
  const names = (cell: string): boolean => fileStem(cell) === stem;
  const separator = header.includes('|') ? '|' : header.includes('\t') ? '\t' : ',';
  const columns = splitRow(header, separator).map((name) => name.trim().toLowerCase());
  const textAt = columns.findIndex((name) =>
    ['transcription', 'sentence', 'text', 'transcript', 'normalized_text'].includes(name),
  );
  const rows = (textAt < 0 ? lines : rest).map((line) => splitRow(line, separator));
  const row = rows.find((cells) => names(cells[0] ?? '') || (textAt >= 0 && cells.some(names)));
  const said = textAt >= 0 ? row?.[textAt] : row?.slice(1).findLast((cell) => cell.trim() !== '');
  return said === undefined || said.trim() === '' ? undefined : [segmentOf(0, seconds, said)];
}

function fileStem(cell: string): string {
  return (cell.trim().split(/[\\/]/).at(-1) ?? '').replace(/\.\w{2,5}$/, '');
}

/** LJSpeech quotes nothing; tables quote as RFC 4180 has it. */
function splitRow(line: string, separator: string): string[] {
  if (separator === '|') return line.split('|');
  const cells: string[] = [];
  const pattern = new RegExp(`(?:"((?:[^"]|"")*)"|([^${separator}]*))(?:${separator}|$)`, 'y');
  while (pattern.lastIndex < line.length) {
    const match = pattern.exec(line);
    if (match === null) break;
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
  }
  return cells;
}
