/** Letters of a CTC recogniser: text from the best class of each frame, with the frames of letters and words. */
import * as z from 'zod';
import { MlError } from '../errors';

const name = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish();

const settings = z.looseObject({
  pad_token: name,
  unk_token: name,
  bos_token: name,
  eos_token: name,
  word_delimiter_token: name,
  replace_word_delimiter_char: z.string().default(' '),
  do_lower_case: z.boolean().nullish(),
});

const vocabulary = z.record(z.string(), z.number().int().nonnegative());

export interface CtcSpan {
  readonly text: string;
  /** Frames, `[start, end)`. */
  readonly start: number;
  readonly end: number;
}

export interface CtcText {
  readonly text: string;
  readonly letters: readonly CtcSpan[];
  readonly words: readonly CtcSpan[];
}

export interface DecodeOptions {
  /** Merges repeats; true by default. */
  readonly merge?: boolean;
  /** Leaves out tokens such as <s> and <unk>, which are no letters; after merging, so that double letters stay. */
  readonly lettersOnly?: boolean;
}

interface Names {
  readonly pad: string;
  readonly unknown: string;
  readonly special: ReadonlySet<string>;
  readonly delimiter: string;
  readonly space: string;
  readonly lowercase: boolean;
}

export class CtcTokens {
  private readonly tokens: ReadonlyMap<number, string>;

  private constructor(
    private readonly ids: ReadonlyMap<string, number>,
    readonly names: Names,
  ) {
    this.tokens = new Map([...ids].map(([token, id]) => [id, token]));
  }

  /** @param vocab vocab.json @param config tokenizer_config.json @param special special_tokens_map.json. Throws `model.corrupt`. */
  static fromJson(vocab: unknown, config: unknown = {}, special: unknown = {}): CtcTokens {
    const merged = { ...(special as object), ...(config as object) };
    const [words, given] = [vocabulary.safeParse(vocab), settings.safeParse(merged)];
    if (!words.success || !given.success) {
      throw new MlError('model.corrupt', 'vocab.json or tokenizer_config.json is not as it should be.');
    }
    const of = (token: z.infer<typeof name>, otherwise: string): string =>
      typeof token === 'string' ? token : (token?.content ?? otherwise);
    const { data } = given;
    const pad = of(data.pad_token, '<pad>');
    const unknown = of(data.unk_token, '<unk>');
    const ends = [of(data.bos_token, '<s>'), of(data.eos_token, '</s>')];
    return new CtcTokens(new Map(Object.entries(words.data)), {
      pad,
      unknown,
      special: new Set([pad, unknown, ...ends]),
      delimiter: of(data.word_delimiter_token, '|'),
      space: data.replace_word_delimiter_char,
      lowercase: data.do_lower_case ?? false,
    });
  }

  /** The class that says nothing; undefined where the vocabulary lacks it. */
  get blank(): number | undefined {
    return this.ids.get(this.names.pad);
  }

  isSpecial(id: number): boolean {
    return this.names.special.has(this.tokenOf(id));
  }

  /** One id a character; spaces are the delimiter, unknown characters the unknown token where there is one. */
  encode(text: string): number[] {
    const { unknown, delimiter, lowercase } = this.names;
    // Such vocabularies hold capitals.
    const written = lowercase ? text.toUpperCase() : text;
    return Array.from(written).flatMap((character) => {
      const id = this.ids.get(character === ' ' ? delimiter : character) ?? this.ids.get(unknown);
      return id === undefined ? [] : [id];
    });
  }

  /** @param ids the best class of each frame */
  decode(ids: readonly number[], { merge = true, lettersOnly = false }: DecodeOptions = {}): CtcText {
    const { pad, delimiter, space, special, lowercase } = this.names;
    const letters = this.runs(ids, merge)
      .filter(({ text }) => text !== pad && !(lettersOnly && special.has(text)))
      .map((run) => (run.text === delimiter ? { ...run, text: space } : run));
    const text = letters
      .map((letter) => letter.text)
      .join('')
      .trim();
    return { text: lowercase ? text.toLowerCase() : text, letters, words: wordsOf(letters, space) };
  }

  private runs(ids: readonly number[], merge: boolean): CtcSpan[] {
    const runs: CtcSpan[] = [];
    ids.forEach((id, frame) => {
      const text = this.tokenOf(id);
      const last = runs.at(-1);
      if (merge && last?.text === text) runs[runs.length - 1] = { ...last, end: frame + 1 };
      else runs.push({ text, start: frame, end: frame + 1 });
    });
    return runs;
  }

  private tokenOf(id: number): string {
    return this.tokens.get(id) ?? this.names.unknown;
  }
}

function wordsOf(letters: readonly CtcSpan[], space: string): CtcSpan[] {
  const words: CtcSpan[] = [];
  let inside = false;
  for (const letter of letters) {
    const last = words.at(-1);
    if (letter.text === space) inside = false;
    else if (inside && last !== undefined) {
      words[words.length - 1] = { text: last.text + letter.text, start: last.start, end: letter.end };
    } else {
      words.push(letter);
      inside = true;
    }
  }
  return words;
}
