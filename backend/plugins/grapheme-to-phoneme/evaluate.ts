/** Error rates of pronunciations, over words and as the mean over stems, with what is mistaken for what. */
import { align, editDistance } from '../../../ml/metrics/editDistance';
import { figuresPerLabel } from '../../sdk/classification';
import type { ComparisonRow, Evaluation } from '../../sdk/trainingTask';
import type { DataOptions } from './config';
import type { Entry } from './lexicon';

const shownErrors = 60;
/** Stands in confusions for a phoneme that is not there; the place of the CTC blank. */
export const nothing = '∅';

export interface Spoken {
  readonly entry: Entry;
  readonly phonemes: readonly string[];
}

interface Counts {
  edits: number;
  phonemes: number;
  wrong: number;
  words: number;
}

const none = (): Counts => ({ edits: 0, phonemes: 0, wrong: 0, words: 0 });

function add(counts: Counts, edits: number, phonemes: number): void {
  counts.edits += edits;
  counts.phonemes += phonemes;
  counts.wrong += edits > 0 ? 1 : 0;
  counts.words += 1;
}

const per = (counts: Counts): number => counts.edits / Math.max(1, counts.phonemes);
const wer = (counts: Counts): number => counts.wrong / Math.max(1, counts.words);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Error rates of a set of words; `stem…` are the means over stems. */
export interface Rates {
  readonly words: number;
  readonly stems: number;
  readonly per: number;
  readonly wer: number;
  readonly stemPer: number;
  readonly stemWer: number;
}

function count(spoken: readonly Spoken[]): { rates: Rates; stems: ReadonlyMap<string, Counts> } {
  const all = none();
  const stems = new Map<string, Counts>();
  for (const { entry, phonemes } of spoken) {
    const edits = editDistance(entry.phonemes, phonemes);
    const stem = stems.get(entry.stem) ?? none();
    stems.set(entry.stem, stem);
    for (const counts of [all, stem]) add(counts, edits, entry.phonemes.length);
  }
  const each = [...stems.values()];
  const rates = {
    words: all.words,
    stems: each.length,
    per: per(all),
    wer: wer(all),
    stemPer: mean(each.map(per)),
    stemWer: mean(each.map(wer)),
  };
  return { rates, stems };
}

/** What the report says beyond the validation words. */
export interface Beside {
  /** Answers for words that neither training nor the choice of the epoch has seen. */
  readonly withheld: readonly Spoken[];
  readonly reference?: DataOptions['reference'];
}

/** @param labels the model's classes, `nothing` first */
export function errorRates(
  spoken: readonly Spoken[],
  labels: readonly string[],
  loss: number,
  { withheld, reference }: Beside = { withheld: [] },
): Evaluation {
  const { rates, stems } = count(spoken);
  const held = withheld.length === 0 ? undefined : count(withheld).rates;
  const confusion = confusions(spoken, labels);
  return {
    metrics: {
      val_loss: loss,
      val_per: rates.per,
      val_wer: rates.wer,
      val_stem_per: rates.stemPer,
      val_stem_wer: rates.stemWer,
    },
    report: {
      labels,
      confusion,
      perLabel: figuresPerLabel(confusion, labels).slice(1),
      words: rates.words,
      stems: rates.stems,
      comparison: comparison(rates, held, reference),
      mistakes: commonMistakes(confusion, labels),
      examples: examples(spoken),
      ...(held === undefined ? {} : { withheld: { ...held, examples: examples(withheld) } }),
      worstStems: worstStems(stems),
    },
  };
}

/** A row for each set of words and for whatever was measured on it. */
function comparison(
  validation: Rates,
  withheld: Rates | undefined,
  reference: DataOptions['reference'],
): ComparisonRow[] {
  const own = (words: string, rates: Rates): ComparisonRow => ({
    words,
    of: 'this model',
    count: rates.words,
    PER: rates.per,
    WER: rates.wer,
    'PER, mean over stems': rates.stemPer,
    'WER, mean over stems': rates.stemWer,
  });
  const other = (words: 'validation' | 'withheld'): ComparisonRow[] => {
    const rates = reference?.[words];
    if (reference === undefined || rates === undefined) return [];
    const { per: raw, wer: rawWords, stemPer, stemWer } = rates;
    const row: ComparisonRow = {
      ...{ words, of: reference.name, PER: raw, WER: rawWords },
      ...(stemPer === undefined ? {} : { 'PER, mean over stems': stemPer }),
      ...(stemWer === undefined ? {} : { 'WER, mean over stems': stemWer }),
    };
    return [row];
  };
  return [
    own('validation', validation),
    ...other('validation'),
    ...(withheld === undefined ? [] : [own('withheld', withheld), ...other('withheld')]),
  ];
}

/** Counts `[true][heard]` along the shortest edits. A phoneme that the model does not know counts as `nothing`. */
function confusions(spoken: readonly Spoken[], labels: readonly string[]): number[][] {
  const place = new Map(labels.map((label, i) => [label, i]));
  const counts = labels.map(() => labels.map(() => 0));
  for (const { entry, phonemes } of spoken) {
    for (const { reference, hypothesis } of align(entry.phonemes, phonemes)) {
      const row = counts[place.get(reference ?? nothing) ?? 0] ?? [];
      const column = place.get(hypothesis ?? nothing) ?? 0;
      row[column] = (row[column] ?? 0) + 1;
    }
  }
  return counts;
}

function commonMistakes(confusion: readonly (readonly number[])[], labels: readonly string[]) {
  return confusion
    .flatMap((row, i) =>
      row.flatMap((count, j) => (i === j || count === 0 ? [] : [{ is: labels[i], heard: labels[j], count }])),
    )
    .sort((a, b) => b.count - a.count)
    .slice(0, 20);
}

function examples(spoken: readonly Spoken[]) {
  const wrong = spoken.filter(({ entry, phonemes }) => entry.phonemes.join(' ') !== phonemes.join(' '));
  // Spread over the words, which are in the file's order: neighbours share their stem and their mistake.
  const every = Math.max(1, wrong.length / shownErrors);
  const picked = Array.from(
    { length: Math.min(shownErrors, wrong.length) },
    (_, i) => wrong[Math.floor(i * every)],
  );
  return picked.flatMap((one) =>
    one === undefined
      ? []
      : [{ word: one.entry.word, phonemes: one.entry.phonemes.join(' '), answered: one.phonemes.join(' ') }],
  );
}

function worstStems(stems: ReadonlyMap<string, Counts>) {
  return [...stems]
    .map(([stem, counts]) => ({ stem, words: counts.words, per: per(counts), wer: wer(counts) }))
    .sort((a, b) => b.wer - a.wer || b.per - a.per)
    .slice(0, 20);
}
