import { MlError } from '../../errors';
import { usedOf } from '../shared/attention';
import type { BertConfig } from './config';

/** One row of a batch. */
export interface BertInput {
  readonly ids: readonly number[];
  /** Which text of a pair each token is of; all of the first by default. */
  readonly typeIds?: readonly number[];
  /** 0 for tokens that only fill the row up; all count by default. */
  readonly mask?: readonly number[];
}

export interface BertBatch {
  /** `[batch · tokens]`, filled up with the padding token. */
  readonly ids: Int32Array;
  readonly types: Int32Array;
  /** 0 where a row is filled up. */
  readonly used: Uint8Array;
  readonly tokens: number;
}

/** Rows of one length. Throws `input.invalid` for what the model cannot take. */
export function checkedBatch(rows: readonly BertInput[], config: BertConfig): BertBatch {
  const lengths = rows.map((row) => row.ids.length);
  const tokens = Math.max(0, ...lengths);
  if (lengths.some((length) => length === 0) || rows.length === 0) {
    throw new MlError('input.invalid', 'The model needs at least one token.');
  }
  if (tokens > config.positions) {
    throw new MlError('input.invalid', `${tokens} tokens are more than the model's ${config.positions}.`);
  }
  const ids = new Int32Array(rows.length * tokens).fill(config.pad);
  const types = new Int32Array(rows.length * tokens);
  const used = usedOf(lengths, tokens);
  rows.forEach((row, i) => {
    row.mask?.forEach((one, j) => (used[i * tokens + j] = one === 0 ? 0 : 1));
    ids.set(checked(row.ids, config.vocabulary, 'Token'), i * tokens);
    types.set(checked(row.typeIds ?? [], config.types, 'Segment'), i * tokens);
  });
  return { ids, types, used, tokens };
}

function checked(ids: readonly number[], count: number, what: string): readonly number[] {
  const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= count);
  if (wrong === undefined) return ids;
  throw new MlError('input.invalid', `${what} ${wrong} is not among the model's ${count}.`);
}
