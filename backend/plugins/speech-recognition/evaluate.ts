/** Error rates of transcripts: by letters and by words, as written and as compared, with and without the prior; or by phonemes. */
import { editDistance } from '../../../ml/metrics/editDistance';
import type { SpeechUnits } from '../../../ml/speech/decodeSpeech';
import { comparedTranscript } from '../../../ml/speech/transcript';
import type { ComparisonRow, Evaluation } from '../../sdk/trainingTask';
import type { Utterance } from './data';

export interface Heard {
  readonly utterance: Utterance;
  /** With the prior, where the model has one. */
  readonly text: string;
  /** The best letter of each frame. */
  readonly plain: string;
  /** With the prior of spelling alone, where there is a list of words too. */
  readonly spelt?: string | undefined;
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
  which: 'text' | 'plain' | 'spelt',
  made: (text: string) => string,
): ErrorRates {
  return errorRatesOf(
    heard.map((one) => ({ truth: made(one.utterance.text), heard: made(one[which] ?? one.text) })),
  );
}

export function evaluationOf(
  heard: readonly Heard[],
  loss: number,
  { units, prior }: { readonly units: SpeechUnits; readonly prior: boolean },
): Evaluation {
  return units === 'phonemes' ? phonemeEvaluation(heard, loss) : letterEvaluation(heard, loss, prior);
}

/** Phonemes stand between spaces, as words do. */
function phonemeEvaluation(heard: readonly Heard[], loss: number): Evaluation {
  const { wer: per } = errorRatesOf(
    heard.map(({ utterance, text }) => ({ truth: utterance.transcript, heard: text })),
  );
  return {
    metrics: { val_loss: loss, val_per: per },
    report: {
      comparison: [{ recordings: 'validation', of: 'phonemes', count: heard.length, PER: per }],
      mistakes: mistakesOf(heard, ({ utterance, text }) => {
        const [label, predicted] = [utterance.transcript, text];
        return { label, predicted, rate: errorRatesOf([{ truth: label, heard: predicted }]).wer };
      }),
    },
  };
}

function letterEvaluation(heard: readonly Heard[], loss: number, hasPrior: boolean): Evaluation {
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
    ...(heard.some(({ spelt }) => spelt !== undefined)
      ? [row('normalised, without the word list', ratesOf(heard, 'spelt', comparedTranscript))]
      : []),
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
    report: { comparison, mistakes: mistakesOf(heard, letterMistake) },
  };
}

interface Mistake {
  readonly label: string;
  readonly predicted: string;
  /** Errors for each unit. */
  readonly rate: number;
}

function letterMistake({ utterance, text }: Heard): Mistake {
  const [label, predicted] = [comparedTranscript(utterance.text), comparedTranscript(text)];
  return { label, predicted, rate: errorRatesOf([{ truth: label, heard: predicted }]).cer };
}

/** Those with the most errors, first. */
function mistakesOf(heard: readonly Heard[], mistakeOf: (one: Heard) => Mistake) {
  return heard
    .map((one) => ({ utterance: one.utterance, ...mistakeOf(one) }))
    .filter(({ rate }) => rate > 0)
    .sort((a, b) => b.rate - a.rate)
    .slice(0, shownMistakes)
    .map(({ utterance, label, predicted, rate }) => ({
      ...{ audioPath: utterance.audioPath, label, predicted, line: utterance.line },
      score: Number(Math.max(0, 1 - rate).toFixed(4)),
    }));
}
