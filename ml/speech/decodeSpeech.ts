/** From the scores of a recogniser's frames to text with times. */
import { alignLabels } from '../ctc/align';
import type { CharacterPrior } from '../ctc/characterPrior';
import { greedyDecode } from '../ctc/decode';
import { priorBeamDecode } from '../ctc/priorBeam';
import type { WordPrior } from '../ctc/wordPrior';

export type SpeechUnits = 'characters' | 'phonemes';

export interface SpeechDecoding {
  /** Characters or phonemes of the classes; the first class is the blank. */
  readonly labels: readonly string[];
  /** Each phoneme stands by itself, as a word does. */
  readonly units: SpeechUnits;
  /** Without it the best class of each frame counts. */
  readonly prior?: CharacterPrior | undefined;
  /** With a prior: words that may be said, whatever the transcripts have, and the share of words that is thought to be of them. */
  readonly words?: WordPrior | undefined;
  readonly known?: number | undefined;
  readonly width: number;
  readonly weight: number;
  readonly perCharacter: number;
}

export interface HeardWord {
  readonly text: string;
  /** Frames, `[start, end)`. */
  readonly start: number;
  readonly end: number;
}

/** Classes of what was said. `scores` are unnormalised, `[frames, classes]`. */
export function decodeClasses(scores: Float32Array, frames: number, decoding: SpeechDecoding): number[] {
  const { labels, prior: spelling, words, known, width, weight, perCharacter } = decoding;
  if (spelling === undefined) return greedyDecode(scores, frames, labels.length);
  const prior = { spelling, words, known };
  return priorBeamDecode(scores, frames, labels.length, { prior, labels, width, weight, perCharacter });
}

export function textOfClasses(
  classes: readonly number[],
  { labels, units }: Pick<SpeechDecoding, 'labels' | 'units'>,
): string {
  return classes
    .map((one) => labels[one] ?? '')
    .join(units === 'phonemes' ? ' ' : '')
    .replace(/ +/g, ' ')
    .trim();
}

/** The words, or phonemes, of what was said, each with the frames that its letters stand in. */
export function decodeWords(scores: Float32Array, frames: number, decoding: SpeechDecoding): HeardWord[] {
  const classes = decodeClasses(scores, frames, decoding);
  const spans = alignLabels(scores, frames, decoding.labels.length, classes);
  if (spans === undefined) return [];
  const words: { text: string; start: number; end: number }[] = [];
  let open: (typeof words)[number] | undefined;
  classes.forEach((one, i) => {
    const character = decoding.labels[one] ?? '';
    const span = spans[i];
    if (character === ' ' || span === undefined) {
      open = undefined;
    } else if (open === undefined || decoding.units === 'phonemes') {
      open = { text: character, ...span };
      words.push(open);
    } else {
      open.text += character;
      open.end = span.end;
    }
  });
  return words;
}
