/** Whether the word list that a config names is one. No tensors. */
import { open } from 'node:fs/promises';
import { errorText } from '../../sdk/rowFaults';
import { problem, type ConfigProblem } from '../../sdk/trainingTask';
import type { Config } from './data';
import { say } from './words';

/** Looked at while somebody types; the whole is read when training begins. */
const lookedAt = 1 << 16;
/** Bytes. Above, it is no list of words: all dictionaries together are smaller. */
const largest = 200e6;

/** A line without a Hunspell dictionary's flags. */
export const headwordOf = (line: string): string => line.replace(/^([^\s/]+)\/\S*$/, '$1');

export async function wordListProblems({
  data,
  model,
  resolve,
}: Pick<Config, 'data' | 'model' | 'resolve'>): Promise<ConfigProblem[]> {
  const at = '/data/words';
  if (data.words === undefined) return [];
  if (model.prior.order === 0 || model.units === 'phonemes')
    return [
      problem(at, say`A word list needs the prior of spelling: characters, and model.prior.order above 0.`),
    ];
  try {
    const { begins, size } = await beginningOf(resolve(data.words));
    if (size > largest)
      return [problem(at, say`The word list has ${Math.round(size / 1e6)} MB, more than ${largest / 1e6}.`)];
    return /\p{L}/u.test(begins) ? [] : [problem(at, say`The word list has no words in it.`)];
  } catch (error) {
    return [problem(at, errorText(error))];
  }
}

async function beginningOf(file: string): Promise<{ readonly begins: string; readonly size: number }> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(lookedAt), 0, lookedAt, 0);
    return { begins: buffer.toString('utf8', 0, bytesRead), size };
  } finally {
    await handle.close();
  }
}
