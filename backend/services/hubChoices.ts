/** What was asked of a folder that a hub data set comes into: a stop goes on with it, and nothing else is mixed in. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../protocol/wire/errors';
import { say } from '../language/say';

const choices = z.object({
  repoId: z.string(),
  revision: z.string().optional(),
  config: z.string().optional(),
  split: z.string().optional(),
  speaker: z.string().optional(),
  limit: z.number().optional(),
  audioColumn: z.string().optional(),
  textColumn: z.string().optional(),
  speakerColumn: z.string().optional(),
  layout: z.string(),
});
export type HubChoices = z.infer<typeof choices>;

const record = choices.extend({
  /** What was fetched first: files of two commits are not one data set. */
  commit: z.string(),
  finished: z.boolean(),
});

const recordPath = (target: string): string => path.join(target, '.goya', 'hub-import.json');

/**
 * The commit that an import under way goes on with; undefined for a folder where none is. Throws `dataset.unsupported`
 * for a folder that holds another import.
 */
export async function commitToGoOnWith(target: string, asked: HubChoices): Promise<string | undefined> {
  const found = await readFile(recordPath(target), 'utf8').catch(() => undefined);
  if (found === undefined) return undefined;
  const before = parsed(found);
  // Neither what is there nor whether it fits can be told.
  if (before === undefined) throw other(target, say`an import that cannot be told`);
  const same = choices.keyof().options.every((key) => before[key] === asked[key]);
  if (!same) throw other(target, described(before));
  return before.finished ? undefined : before.commit;
}

export async function recordChoices(
  target: string,
  asked: HubChoices,
  at: { readonly commit: string; readonly finished: boolean },
): Promise<void> {
  const file = recordPath(target);
  await mkdir(path.dirname(file), { recursive: true });
  // Half a record could not be told from another import's, and nothing could go on with it.
  await writeFile(`${file}.new`, `${JSON.stringify({ ...asked, ...at }, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** Nothing of it is there yet: the folder is free for another one. */
export async function forgetChoices(target: string): Promise<void> {
  await rm(recordPath(target), { force: true });
}

function parsed(text: string): z.infer<typeof record> | undefined {
  try {
    return record.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function described(before: HubChoices): string {
  const { repoId, config, split, speaker, limit, layout, audioColumn, textColumn, speakerColumn } = before;
  return [repoId, config, split, speaker, limit, layout, audioColumn, textColumn, speakerColumn]
    .filter((part) => part !== undefined)
    .join(' · ');
}

function other(target: string, what: string): StudioError {
  const message = say`${target} holds another import (${what}), and the two must not be mixed. Choose another folder, or remove this one.`;
  return new StudioError('dataset.unsupported', message, { details: { path: target } });
}
