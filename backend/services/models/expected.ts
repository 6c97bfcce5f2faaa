/** What the files of a model must be: from whoever knew it when they came. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Model } from '../../../protocol/model/model';
import { LocalDir } from '../../hub/localDir';
import type { DownloadsStore } from '../../stores/downloads';
import { recordedFiles } from './origin';

export interface Expected {
  /** What the hub lists the file under: sha256 or git-blob sha1. */
  readonly etag: string | undefined;
  readonly size: number | undefined;
}

/** Kept in `metadata.hashes` of a model that no bookkeeping tells of. */
const keptHashes = z.object({
  commit: z.string().optional(),
  files: z.record(z.string(), z.object({ size: z.number(), etag: z.string() })),
});
export type KeptHashes = z.infer<typeof keptHashes>;

/** By path: from the bookkeeping beside the files, from an import, and from the last completed download. */
export async function expectedFiles(model: Model, downloads: DownloadsStore): Promise<Map<string, Expected>> {
  const expected = await recordedHashes(model.path);
  const kept = keptHashes.safeParse(model.metadata['hashes']);
  if (kept.success && kept.data.commit === model.commit) {
    for (const [file, wanted] of Object.entries(kept.data.files)) expected.set(file, wanted);
  }
  const completed = (await downloads.list({ state: 'completed' })).filter(
    (download) => download.path === model.path && download.commit === model.commit,
  );
  for (const download of completed) {
    for (const { path, etag, size } of await downloads.files(download.id)) expected.set(path, { etag, size });
  }
  return expected;
}

/** From the bookkeeping alone, whether or not the files were changed since. */
export async function recordedHashes(root: string): Promise<Map<string, Expected>> {
  const expected = new Map<string, Expected>();
  const local = new LocalDir(root);
  for (const file of await recordedFiles(root)) {
    const [, etag] = (await readFile(local.metadataPath(file), 'utf8')).split('\n');
    expected.set(file, { etag: etag?.trim(), size: undefined });
  }
  return expected;
}
