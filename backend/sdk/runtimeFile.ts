import { readFileSync } from 'node:fs';
import path from 'node:path';
import { StudioError } from '../../protocol/wire/errors';
import { findUp } from '../training/engines/place';

/**
 * The text of `runtime.mjs` for the output of task `id`, built from its `runtime.ts`: what a program with tf.js alone
 * needs beside `model.json` when the model has layers of its own.
 */
export function runtimeFile(id: string): string {
  const name = path.join('plugins', id, 'runtime.mjs');
  const file = findUp(name, path.join('dist', 'backend', name));
  if (file === undefined) {
    const text = `The file ${name} is missing from this installation; install Goya again.`;
    throw new StudioError('training.outputFailed', text, { details: { file: name } });
  }
  return readFileSync(file, 'utf8');
}
