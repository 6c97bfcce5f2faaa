import type { Tokenizer } from '../../tokenizers/tokenizer';
import { positionStep, type WhisperTokens } from './config';
import { firstTimestamp } from './rules';

/** The words alone: no special tokens, no times. */
export function textOf(ids: readonly number[], tokens: WhisperTokens, tokenizer: Tokenizer): string {
  const first = firstTimestamp(tokens) ?? Infinity;
  return tokenizer.decode(
    ids.filter((id) => id < first),
    { special: false },
  );
}

/** All of it, times as `<|1.24|>`: older tokenizers do not have those. */
export function textWithTimes(ids: readonly number[], tokens: WhisperTokens, tokenizer: Tokenizer): string {
  const first = firstTimestamp(tokens) ?? Infinity;
  let text = '';
  let words: number[] = [];
  for (const id of ids) {
    if (id < first) words.push(id);
    else {
      text += `${tokenizer.decode(words)}<|${((id - first) * positionStep).toFixed(2)}|>`;
      words = [];
    }
  }
  return text + tokenizer.decode(words);
}
