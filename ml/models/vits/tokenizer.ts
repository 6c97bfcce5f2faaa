/** Characters to ids as transformers' `VitsTokenizer` has it, with what is odd about it: checkpoints were trained so. */
import * as z from 'zod';
import { MlError } from '../../errors';

const vocabularyJson = z.record(z.string(), z.number().int().nonnegative());
const token = z.union([z.string(), z.looseObject({ content: z.string() })]);
const tokenizerJson = z.looseObject({
  pad_token: token.nullish(),
  unk_token: token.nullish(),
  bos_token: token.nullish(),
  eos_token: token.nullish(),
  add_blank: z.boolean().default(true),
  normalize: z.boolean().default(true),
  phonemize: z.boolean().default(true),
  language: z.string().nullish(),
  added_tokens_decoder: z
    .record(
      z.string(),
      z.looseObject({ content: z.string(), lstrip: z.boolean().optional(), rstrip: z.boolean().optional() }),
    )
    .optional(),
});

export interface VitsTokenizerFiles {
  /** `vocab.json` */
  readonly vocabulary: unknown;
  /** `tokenizer_config.json` */
  readonly config?: unknown;
  /** `added_tokens.json`, of older repositories. */
  readonly added?: unknown;
}

interface Settings {
  readonly blanks: boolean;
  readonly normalizes: boolean;
  readonly phonemizes: boolean;
  readonly language: string | undefined;
}

/** What Python's `str.strip` takes off. */
const outerSpace =
  /^[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g;

export class VitsTokenizer {
  private constructor(
    private readonly ids: ReadonlyMap<string, number>,
    /** Words that the text is cut at before blanks are put in: the pad token, which may be a letter, among them. */
    private readonly added: ReadonlyMap<string, number>,
    private readonly unknown: number | undefined,
    private readonly settings: Settings,
  ) {}

  /** Throws `model.corrupt` for files of another form. */
  static fromFiles({ vocabulary, config = {}, added = {} }: VitsTokenizerFiles): VitsTokenizer {
    const ids = new Map(Object.entries(parse(vocabularyJson, vocabulary, 'vocab.json')));
    const options = parse(tokenizerJson, config, 'tokenizer_config.json');
    const words = new Map<string, number>();
    for (const [id, { content }] of Object.entries(options.added_tokens_decoder ?? {}))
      words.set(content, Number(id));
    for (const [content, id] of Object.entries(parse(vocabularyJson, added, 'added_tokens.json')))
      if (!words.has(content)) words.set(content, id);
    const unknown = content(options.unk_token) ?? '<unk>';
    const special = [options.bos_token, options.eos_token].map(content);
    for (const one of [...special, unknown, content(options.pad_token) ?? '<pad>']) {
      if (one === undefined || one === '' || words.has(one)) continue;
      words.set(one, ids.get(one) ?? new Set([...ids.keys(), ...words.keys()]).size);
    }
    return new VitsTokenizer(ids, words, ids.get(unknown), {
      blanks: options.add_blank,
      normalizes: options.normalize,
      phonemizes: options.phonemize,
      language: options.language ?? undefined,
    });
  }

  /** Whether the model was trained on phonemes, which the text must be given as. */
  get wantsPhonemes(): boolean {
    return this.settings.phonemizes;
  }

  /** Of the texts it was trained on, as the file calls it: `fas` for Persian. */
  get language(): string | undefined {
    return this.settings.language;
  }

  /** Lower case where the vocabulary has none but that, and only what the vocabulary has. */
  normalize(text: string): string {
    const { normalizes, language, phonemizes } = this.settings;
    const lower = normalizes ? this.lowered(text) : text;
    const special = language === 'ron' ? lower.replaceAll('ț', 'ţ') : lower;
    if (!normalizes || phonemizes) return special;
    return Array.from(special)
      .filter((character) => this.ids.has(character))
      .join('')
      .replace(outerSpace, '');
  }

  /** Empty for a text with nothing of the vocabulary. Throws `input.invalid` for a character that has no id. */
  encode(text: string): number[] {
    return this.parts(this.normalize(text)).flatMap((part) => {
      const whole = this.added.get(part);
      return whole === undefined ? this.spelled(part) : [whole];
    });
  }

  private spelled(part: string): number[] {
    const ids = Array.from(part, (character) => {
      const id = this.ids.get(character) ?? this.unknown;
      if (id === undefined)
        throw new MlError('input.invalid', `The voice does not know the character "${character}".`);
      return id;
    });
    return this.settings.blanks ? [0, ...ids.flatMap((id) => [id, 0])] : ids;
  }

  private lowered(text: string): string {
    const words = [...this.ids.keys(), ...this.added.keys()].filter((word) => word !== '');
    let lower = '';
    for (let at = 0; at < text.length;) {
      const word = words.find((one) => text.startsWith(one, at));
      const taken = word ?? String.fromCodePoint(text.codePointAt(at) ?? 0);
      lower += word ?? taken.toLowerCase();
      at += taken.length;
    }
    return lower;
  }

  /** Cut at the added words, the longest first where several begin at a place. */
  private parts(text: string): string[] {
    const words = [...this.added.keys()].sort((a, b) => b.length - a.length);
    const parts: string[] = [];
    let from = 0;
    for (let at = 0; at < text.length;) {
      const word = words.find((one) => text.startsWith(one, at));
      if (word === undefined) {
        at += 1;
        continue;
      }
      parts.push(text.slice(from, at), word);
      at += word.length;
      from = at;
    }
    return [...parts, text.slice(from)].filter((part) => part !== '');
  }
}

function content(one: z.infer<typeof token> | null | undefined): string | undefined {
  return typeof one === 'string' ? one : one?.content;
}

function parse<T>(schema: z.ZodType<T>, value: unknown, file: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new MlError(
    'model.corrupt',
    `${file} is not as it should be: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
  );
}
