/** The figures of an inspection by their names for people. One that is not known here keeps the name it came with. */
import { isolate } from '../text/bidi';
import { formatBytes, formatDuration, formatNumber } from '../text/format';
import { t } from '../text/translate';

/** Letters that are listed with their counts: the commonest. */
const listedCharacters = 20;

type Show = (value: unknown) => string;

const length: Show = (value) =>
  typeof value !== 'number'
    ? plain(value)
    : value < 60
      ? t('{0} s', formatNumber(value, 2))
      : formatDuration(value);

function counts(name: (key: string) => string, most = Infinity): Show {
  return (value) =>
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .slice(0, most)
          .map(([key, each]) => `${isolate(name(key))}: ${plain(each)}`)
          .join(t(', '))
      : plain(value);
}

/** What has a place of its own: findings in their table, lengths as a picture on the page of the data set. */
const elsewhere = new Set(['findings', 'durations']);

const figures: Readonly<Record<string, readonly [name: () => string, show: Show]>> = {
  bytes: [() => t('Size'), (value) => (typeof value === 'number' ? formatBytes(value) : plain(value))],
  seconds: [() => t('Total length'), length],
  shortestSeconds: [() => t('Shortest'), length],
  longestSeconds: [() => t('Longest'), length],
  sampleRates: [() => t('Sampling rates'), counts((rate) => t('{0} Hz', formatNumber(Number(rate))))],
  channels: [() => t('Channels'), counts((count) => formatNumber(Number(count)))],
  characters: [() => t('Characters'), plain],
  charactersPerSecond: [() => t('Characters per second'), plain],
  alphabet: [() => t('Alphabet'), plain],
  characterCounts: [
    () => t('Commonest characters'),
    counts((character) => (character === ' ' ? t('space') : character), listedCharacters),
  ],
  labels: [() => t('Labels'), counts(String)],
  splits: [() => t('Splits'), counts(String)],
  speakers: [
    () => t('Speakers'),
    (value) => counts(String)(Object.fromEntries(Object.entries(value ?? {}).map(itemsOf))),
  ],
  table: [() => t('Table'), plain],
};

function itemsOf([name, facts]: [string, unknown]): [string, unknown] {
  return [name, typeof facts === 'object' && facts !== null && 'items' in facts ? facts.items : facts];
}

/** Name and value of every figure that is one line, in the order of this list, then the others. */
export function figureLines(stats: Readonly<Record<string, unknown>>): [name: string, value: string][] {
  const known = Object.keys(figures).filter((key) => stats[key] !== undefined);
  const others = Object.keys(stats).filter((key) => figures[key] === undefined && !elsewhere.has(key));
  return [...known, ...others].map((key) => {
    const [name, show] = figures[key] ?? [() => key, plain];
    return [name(), show(stats[key])];
  });
}

export function plain(value: unknown): string {
  if (typeof value === 'number') return formatNumber(value, 3);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(plain).join(t(', '));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, each]) => `${name}: ${plain(each)}`)
      .join(t(', '));
  return String(value);
}
