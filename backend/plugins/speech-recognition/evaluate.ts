/** Error rates of transcripts: by letters and by words, as written and as compared, with and without the prior. */
import { editDistance } from '../../../ml/metrics/editDistance';
import { comparedTranscript } from '../../../ml/speech/transcript';
import type { ComparisonRow, Evaluation } from '../../sdk/trainingTask';
import type { Utterance } from './data';

export interface Heard {
  readonly utterance: Utterance;
  /** With the prior, where the model has one. */
  readonly text: string;
  /** The best letter of each frame. */
  readonly plain: string;
}

export interface ErrorRates {
  readonly cer: number;
  readonly wer: number;
}

const shownMistakes = 30;

/** Errors over all letters and words: long recordings count for more. */
export function errorRatesOf(
  pairs: readonly { readonly truth: string; readonly heard: string }[],
): ErrorRates {
  let [letterEdits, letters, wordEdits, words] = [0, 0, 0, 0];
  for (const { truth, heard } of pairs) {
    const [trueLetters, trueWords] = [Array.from(truth), wordsOf(truth)];
    letterEdits += editDistance(trueLetters, Array.from(heard));
    letters += trueLetters.length;
    wordEdits += editDistance(trueWords, wordsOf(heard));
    words += trueWords.length;
  }
  return { cer: letterEdits / Math.max(1, letters), wer: wordEdits / Math.max(1, words) };
}

const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

function ratesOf(
  heard: readonly Heard[],
  which: 'text' | 'plain',
  made: (text: string) => string,
): ErrorRates {
  return errorRatesOf(heard.map((one) => ({ truth: made(one.utterance.text), heard: made(one[which]) })));
}

export function evaluationOf(heard: readonly Heard[], loss: number, hasPrior: boolean): Evaluation {
  const compared = ratesOf(heard, 'text', comparedTranscript);
  const plain = ratesOf(heard, 'plain', comparedTranscript);
  const raw = ratesOf(heard, 'text', (text) => text.trim());
  const row = (of: string, { cer, wer }: ErrorRates): ComparisonRow => ({
    recordings: 'validation',
    of,
    count: heard.length,
    CER: cer,
    WER: wer,
  });
  const comparison = [
    row('normalised', compared),
    row('as written', raw),
    ...(hasPrior ? [row('normalised, best letter of each frame', plain)] : []),
  ];
  return {
    metrics: {
      val_loss: loss,
      val_cer: compared.cer,
      val_wer: compared.wer,
      val_cer_raw: raw.cer,
      val_cer_greedy: plain.cer,
    },
    report: { comparison, mistakes: mistakesOf(heard) },
  };
}

/** Those with the most errors, first. */
function mistakesOf(heard: readonly Heard[]) {
  return heard
    .map(({ utterance, text }) => {
      const [label, predicted] = [comparedTranscript(utterance.text), comparedTranscript(text)];
      const { cer } = errorRatesOf([{ truth: label, heard: predicted }]);
      return { audioPath: utterance.audioPath, label, predicted, line: utterance.line, cer };
    })
    .filter(({ cer }) => cer > 0)
    .sort((a, b) => b.cer - a.cer)
    .slice(0, shownMistakes)
    .map(({ cer, ...rest }) => ({ ...rest, score: Number(Math.max(0, 1 - cer).toFixed(4)) }));
}
