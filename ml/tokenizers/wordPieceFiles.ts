/** The files of a WordPiece tokenizer: tokenizer.json, or vocab.txt alone as repositories of 2020 have it. */
import * as z from 'zod';
import { MlError } from '../errors';
import type { BertTextOptions } from './bertText';

export interface WordPieceFiles {
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly unknown: string;
  /** Marks a piece inside a word. */
  readonly prefix: string;
  /** Characters; a longer word is unknown. */
  readonly longestWord: number;
  readonly text: BertTextOptions;
  readonly cls: string;
  readonly sep: string;
  /** Tokens that are found in the text as they stand. */
  readonly added: ReadonlyMap<string, number>;
}

const flag = z.boolean().nullish();
const name = z.union([z.string(), z.looseObject({ content: z.string() })]).nullish();

const tokenizerJson = z.looseObject({
  normalizer: z
    .looseObject({
      type: z.string(),
      clean_text: flag,
      handle_chinese_chars: flag,
      strip_accents: flag,
      lowercase: flag,
    })
    .nullish(),
  pre_tokenizer: z.looseObject({ type: z.string() }).nullish(),
  post_processor: z.looseObject({}).nullish(),
  model: z.looseObject({
    type: z.string().optional(),
    vocab: z.record(z.string(), z.number().int().nonnegative()),
    unk_token: z.string().default('[UNK]'),
    continuing_subword_prefix: z.string().default('##'),
    max_input_chars_per_word: z.number().default(100),
  }),
  added_tokens: z
    .array(z.looseObject({ id: z.number().int().nonnegative(), content: z.string() }))
    .default([]),
});

const settings = z.looseObject({
  do_lower_case: flag,
  strip_accents: flag,
  tokenize_chinese_chars: flag,
  unk_token: name,
  cls_token: name,
  sep_token: name,
  pad_token: name,
  mask_token: name,
});
type Settings = z.infer<typeof settings>;

/** Throws `model.corrupt`, or `model.unsupported` for a tokenizer of another kind. */
export function wordPieceFromJson(json: unknown, config: unknown = {}): WordPieceFiles {
  const [parsed, given] = [tokenizerJson.safeParse(json), settings.safeParse(config)];
  if (!parsed.success || !given.success) {
    const issue = (parsed.error ?? given.error)?.issues[0];
    const place = issue?.path.join('.') ?? '';
    throw new MlError(
      'model.corrupt',
      `tokenizer.json is not as it should be: ${place}: ${issue?.message ?? ''}.`,
    );
  }
  const { normalizer, pre_tokenizer: before, model, added_tokens: added } = parsed.data;
  const kinds = [
    normalizer?.type ?? 'BertNormalizer',
    before?.type ?? 'BertPreTokenizer',
    model.type ?? 'WordPiece',
  ];
  if (kinds.join() !== 'BertNormalizer,BertPreTokenizer,WordPiece') {
    throw new MlError('model.unsupported', `A tokenizer of ${kinds.join(', ')} has no places of words here.`);
  }
  const lowercase = normalizer?.lowercase ?? true;
  return {
    vocabulary: new Map(Object.entries(model.vocab)),
    unknown: model.unk_token,
    prefix: model.continuing_subword_prefix,
    longestWord: model.max_input_chars_per_word,
    text: {
      cleanText: normalizer?.clean_text ?? true,
      splitChinese: normalizer?.handle_chinese_chars ?? true,
      stripAccents: normalizer?.strip_accents ?? lowercase,
      lowercase,
    },
    ...around(parsed.data.post_processor, given.data),
    added: new Map(added.map(({ content, id }) => [content, id])),
  };
}

/** [CLS] and [SEP] as the post-processor names them: `cls: ["[CLS]", 2]`, or a template. */
function around(processor: unknown, given: Settings): { cls: string; sep: string } {
  const pair = z.tuple([z.string(), z.number()]);
  const bert = z.looseObject({ cls: pair, sep: pair }).safeParse(processor);
  if (bert.success) return { cls: bert.data.cls[0], sep: bert.data.sep[0] };
  const special = z.looseObject({ SpecialToken: z.looseObject({ id: z.string() }) });
  const template = z.looseObject({ single: z.array(z.unknown()) }).safeParse(processor);
  const names = (template.data?.single ?? []).flatMap((part) => {
    const one = special.safeParse(part);
    return one.success ? [one.data.SpecialToken.id] : [];
  });
  return {
    cls: names.at(0) ?? nameOf(given.cls_token, '[CLS]'),
    sep: names.at(-1) ?? nameOf(given.sep_token, '[SEP]'),
  };
}

/** @param vocab the lines of vocab.txt @param config tokenizer_config.json, if there is one. Throws `model.corrupt`. */
export function wordPieceFromVocab(vocab: string, config: unknown = {}): WordPieceFiles {
  const given = settings.safeParse(config);
  if (!given.success) throw new MlError('model.corrupt', 'tokenizer_config.json is not as it should be.');
  const lines = vocab.replace(/\r/g, '').replace(/\n$/, '').split('\n');
  const vocabulary = new Map(lines.map((line, id) => [line, id]));
  const { do_lower_case: lower, strip_accents: strip, tokenize_chinese_chars: chinese } = given.data;
  const unknown = nameOf(given.data.unk_token, '[UNK]');
  const cls = nameOf(given.data.cls_token, '[CLS]');
  const sep = nameOf(given.data.sep_token, '[SEP]');
  const pad = nameOf(given.data.pad_token, '[PAD]');
  const mask = nameOf(given.data.mask_token, '[MASK]');
  const added = [unknown, cls, sep, pad, mask].flatMap((token): [string, number][] => {
    const id = vocabulary.get(token);
    return id === undefined ? [] : [[token, id]];
  });
  const lowercase = lower ?? true;
  const text = {
    cleanText: true,
    splitChinese: chinese ?? true,
    stripAccents: strip ?? lowercase,
    lowercase,
  };
  return { vocabulary, unknown, prefix: '##', longestWord: 100, text, cls, sep, added: new Map(added) };
}

function nameOf(token: z.infer<typeof name>, otherwise: string): string {
  return typeof token === 'string' ? token : (token?.content ?? otherwise);
}
