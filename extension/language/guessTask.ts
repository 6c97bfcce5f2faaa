/** Which task a data set is probably for, and what its `data` section has to say. Pure. */
import type { ColumnFacts, DataFacts } from './dataFacts';

export interface Guess {
  readonly task: string;
  /** Fields of `data` besides the path. */
  readonly data: Readonly<Record<string, unknown>>;
}

const labelNames = [
  'label',
  'class',
  'target',
  'species',
  'category',
  'gender',
  'sentiment',
  'intent',
  'digit',
];
const persianLabelNames = ['برچسب', 'کلاس', 'دسته', 'رده', 'گروه', 'احساس', 'جنسیت', 'موضوع', 'نوع'];
const textNames = [
  'text',
  'sentence',
  'content',
  'body',
  'review',
  'comment',
  'message',
  'title',
  'متن',
  'جمله',
];
const morePersianTextNames = ['نظر', 'دیدگاه', 'پیام', 'عنوان'];
const audioNames = ['file', 'path', 'audio', 'wav', 'filename', 'file_name', 'audio_path', 'audio_file'];
const idNames = ['id', 'index', 'row', 'شناسه', 'ردیف'];
const usualLabels = [...labelNames, 'y', ...persianLabelNames];
const usualTexts = [...textNames, ...morePersianTextNames];

const isNamed = (name: string, names: readonly string[]): boolean =>
  names.includes(name.trim().toLowerCase());

export function guessTask(facts: DataFacts): Guess | undefined {
  const { format, columns } = facts;
  if (format === 'folder-per-label') return { task: 'audio-classification', data: {} };
  // Of Parquet the columns are not told; sound without texts is named when the config is checked.
  const isSpeech = format === 'parquet' && facts.clipSeconds !== undefined;
  if (isSpeech || format === 'ljspeech' || format === 'common-voice')
    return { task: 'speech-recognition', data: {} };
  if (isLexicon(facts)) return { task: 'grapheme-to-phoneme', data: {} };
  const label = labelColumn(facts);
  const audio = columns.find(({ name }) => isNamed(name, audioNames));
  if (facts.clipSeconds !== undefined && audio !== undefined && label !== undefined)
    return { task: 'audio-classification', data: { audio: audio.name, label } };
  const text = textColumn(facts, label);
  if (text !== undefined && label !== undefined)
    return { task: 'text-classification', data: { text, label } };
  if (format === 'jsonl' || label === undefined) return undefined;
  return { task: 'tabular-classification', data: { label, ...ignored(facts, label) } };
}

/** Words and phonemes have no header, so that their first line was taken for one. */
function isLexicon({ format, columns }: DataFacts): boolean {
  const [word, phonemes] = columns;
  if (format !== 'tsv' || columns.length > 3 || word === undefined || phonemes === undefined) return false;
  const symbols = phonemes.name.trim().split(/\s+/);
  return !/\s/.test(word.name.trim()) && symbols.length > 1 && symbols.every((one) => one.length <= 4);
}

/** Columns that usually hold the label, best guess first, then the others from the last on. */
export function orderLabelColumns(columns: readonly string[]): readonly string[] {
  const rank = (column: string): number => {
    const index = usualLabels.indexOf(column.trim().toLowerCase());
    return index === -1 ? usualLabels.length : index;
  };
  return columns
    .map((column, index) => ({ column, index }))
    .toSorted((a, b) => rank(a.column) - rank(b.column) || b.index - a.index)
    .map(({ column }) => column);
}

/** A column of few values, each of which stands often enough to be learnt. */
function labelColumn({ columns, items }: DataFacts): string | undefined {
  const fits = ({ distinct }: ColumnFacts): boolean =>
    distinct !== undefined && distinct >= 2 && distinct <= Math.max(2, items / 2);
  const names = columns.filter(fits).map(({ name }) => name);
  const [best] = orderLabelColumns(names);
  if (best !== undefined && isNamed(best, usualLabels)) return best;
  const words = columns.filter((one) => one.kind === 'text' && fits(one) && (one.distinct ?? 0) <= items / 5);
  return words.at(-1)?.name ?? best;
}

/** A column of texts that hardly repeat: named like one, or all there is to learn from. */
function textColumn({ columns, items, format }: DataFacts, label: string | undefined): string | undefined {
  const texts = columns.filter((one) => one.kind === 'text' && one.name !== label);
  const named = texts.find(({ name }) => isNamed(name, usualTexts));
  if (named !== undefined) return named.name;
  const others = columns.filter(({ name }) => name !== label && !isNamed(name, idNames));
  const [only] = others;
  const varied = (one: ColumnFacts): boolean => one.distinct === undefined || one.distinct > items / 4;
  if (only !== undefined && others.length === 1 && only.kind === 'text' && varied(only)) return only.name;
  return format === 'jsonl' ? texts.find(varied)?.name : undefined;
}

/** Identifiers, by their name or by being different in nearly every row. */
function ignored({ columns, items }: DataFacts, label: string): { ignore?: string[] } {
  const ids = columns.filter(({ name, kind, distinct }) => {
    if (name === label) return false;
    if (isNamed(name, idNames)) return true;
    return kind === 'text' && (distinct === undefined || (distinct > 20 && distinct > items / 2));
  });
  return ids.length === 0 || ids.length >= columns.length - 1 ? {} : { ignore: ids.map(({ name }) => name) };
}
