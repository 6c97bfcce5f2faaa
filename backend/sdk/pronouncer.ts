/** The pronunciation model of Persian that ships with Goya. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { StudioError } from '../../protocol/wire/errors';
import { findUp } from '../training/engines/place';

/** Its folder. Throws `model.notFound`. */
export function shippedPronouncer(): string {
  const file = findUp(path.join('g2p-fa', 'model.json'), path.join('assets', 'g2p-fa', 'model.json'));
  if (file !== undefined) return path.dirname(file);
  throw new StudioError(
    'model.notFound',
    'The Persian pronunciation model is missing from this installation; install Goya again.',
  );
}

/** Beside `model.json`, written by `npm run train:g2p`. */
const packedLexicon = 'lexicon.tsv.gz';

/** The text of the lexicon beside a model; empty where there is none. Throws `model.corrupt`. */
export async function readPackedText(modelPath: string): Promise<string> {
  const file = path.join(modelPath, packedLexicon);
  try {
    return (await promisify(gunzip)(await readFile(file))).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    const message = `The pronunciation lexicon ${file} is damaged; install Goya again.`;
    throw new StudioError('model.corrupt', message, { cause: error, details: { path: file } });
  }
}
