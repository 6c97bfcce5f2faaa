/** The files of a GPT-2 tokenizer of 2019 and 2020: vocab.json and merges.txt, without a tokenizer.json. */
import * as z from 'zod';
import { MlError } from '../errors';

const vocabulary = z.record(z.string(), z.number().int().nonnegative());
const token = z.union([z.string(), z.looseObject({ content: z.string() })]);
const specialMap = z.record(z.string(), z.union([token, z.array(token)]));

/**
 * What tokenizer.json would say. @param special special_tokens_map.json; GPT-2's own end of text is one in any case.
 * Throws `model.corrupt`.
 */
export function gpt2TokenizerJson(vocab: unknown, merges: string, special: unknown = {}): unknown {
  const [words, given] = [vocabulary.safeParse(vocab), specialMap.safeParse(special)];
  if (!words.success || !given.success) {
    throw new MlError('model.corrupt', 'vocab.json or special_tokens_map.json is not as it should be.');
  }
  const pairs = merges
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#version'))
    .map((line) => line.split(' '));
  if (pairs.some((pair) => pair.length !== 2)) {
    throw new MlError('model.corrupt', 'merges.txt has a line that is not two parts.');
  }
  const named = Object.values(given.data)
    .flat()
    .map((one) => (typeof one === 'string' ? one : one.content));
  const added = [...new Set([...named, '<|endoftext|>'])].flatMap((content) => {
    const id = words.data[content];
    return id === undefined ? [] : [{ id, content, special: true, normalized: false }];
  });
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  return {
    version: '1.0',
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    added_tokens: added.map((one) => ({ ...one, single_word: false, lstrip: false, rstrip: false })),
    model: { type: 'BPE', vocab: words.data, merges: pairs },
  };
}
