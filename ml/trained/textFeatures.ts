/** Text as the numbers that a model takes. */
import { normalize } from '../text/normalize';
import type { TextPreprocessing } from './metadata';
import { ngramIds } from './textNgrams';

/** Ids with a meaning of their own; the tokens of the vocabulary come after them. */
export const special = { padding: 0, unknown: 1, start: 2, end: 3 } as const;
export const specialCount = 4;

type Preparation = Pick<TextPreprocessing, 'normalization' | 'lowerCase'>;

/** The text that the tokens are cut from. */
export function prepareText(text: string, { normalization, lowerCase }: Preparation): string {
  const normal = normalize(text, normalization);
  return lowerCase ? normal.toLowerCase() : normal;
}

export class Tokenizer {
  private readonly ids: ReadonlyMap<string, number>;
  /** Characters (code points) of the longest token. */
  private readonly longest: number;

  /** @param tokens the text of each id; those of the special ids are not looked at */
  constructor(tokens: readonly string[]) {
    const known = tokens.slice(specialCount).map((token, i): [string, number] => [token, i + specialCount]);
    this.ids = new Map(known.reverse());
    this.longest = known.reduce((most, [token]) => Math.max(most, Array.from(token).length), 1);
  }

  /** Ids of a prepared text without start and end; the longest token that fits is taken each time. */
  encode(prepared: string, limit = Infinity): number[] {
    const characters = Array.from(prepared);
    const ids: number[] = [];
    for (let at = 0; at < characters.length && ids.length < limit;) {
      let length = Math.min(this.longest, characters.length - at);
      let id: number | undefined;
      for (; length > 0; length--) {
        id = this.ids.get(characters.slice(at, at + length).join(''));
        if (id !== undefined) break;
      }
      ids.push(id ?? special.unknown);
      at += Math.max(1, length);
    }
    return ids;
  }
}

/** Ids that a text becomes. */
export function textWidth({ length, ngrams }: Pick<TextPreprocessing, 'length' | 'ngrams'>): number {
  return length + (ngrams?.count ?? 0);
}

/** Turns prepared texts into rows of ids; made once for many texts. */
export class TextRows {
  readonly width: number;
  private readonly tokenizer: Tokenizer;

  constructor(private readonly preprocessing: TextPreprocessing) {
    this.tokenizer = new Tokenizer(preprocessing.tokens);
    this.width = textWidth(preprocessing);
  }

  /** @param row zeros of `width`, filled in place */
  fill(prepared: string, row: Float32Array | Int32Array): void {
    const { length, ngrams } = this.preprocessing;
    const ids = this.tokenizer.encode(prepared, length - 2);
    row[0] = special.start;
    row.set(ids, 1);
    row[ids.length + 1] = special.end;
    if (ngrams !== undefined) row.set(ngramIds(prepared, ngrams).slice(0, ngrams.count), length);
  }
}

/** `[texts.length, width]` ids, row after row. */
export function encodeTexts(preprocessing: TextPreprocessing, texts: readonly string[]): Float32Array {
  const encoder = new TextRows(preprocessing);
  const output = new Float32Array(texts.length * encoder.width);
  texts.forEach((text, i) => {
    const row = output.subarray(i * encoder.width, (i + 1) * encoder.width);
    encoder.fill(prepareText(text, preprocessing), row);
  });
  return output;
}
