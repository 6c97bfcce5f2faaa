/** Why a model's engine ended the process: engines of others do so where a model is not as they want it. */
import { StudioError } from '../../protocol/wire/errors';
import type { RuntimeChoice } from './runtimeChoice';

const longestWords = 300;

/** Undefined where no engine was at work. */
export function diedWithin(
  runtime: RuntimeChoice | undefined,
  within: 'open' | 'run' | undefined,
  how: string,
  stderr: string,
): StudioError | undefined {
  if (runtime === undefined || within === undefined) return undefined;
  const { folder, title } = runtime;
  const told = { details: { path: folder } };
  const words = lastWords(stderr);
  const reason = words === '' ? how : `${how}: ${words}`;
  return within === 'open'
    ? new StudioError(
        'model.corrupt',
        `${folder}: ${title} could not open it and ended (${reason}). Download it again, or take another one.`,
        told,
      )
    : new StudioError(
        'model.unsupported',
        `${folder}: ${title} ended while it ran the model (${reason}). Its parts may not be of one model; take another one.`,
        told,
      );
}

/** The last line that is a sentence, without the place in the engine's source that it begins with. */
function lastWords(stderr: string): string {
  const lines = stderr.split(/\r?\n/).map((line) => line.trim());
  const line = lines.findLast((one) => /[a-z]{3}/i.test(one) && !/^(at |#|0x|\d+: )/.test(one)) ?? '';
  return line.replace(/^\S+:\d+ /, '').slice(0, longestWords);
}
