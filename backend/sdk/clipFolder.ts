/** Sound that lies in Parquet, put into files once: what trains, plays and reports it knows recordings by their paths. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SoundKind } from '../../ml/audio/soundInfo';
import { StudioError } from '../../protocol/wire/errors';
import { say } from '../language/say';

/** Days that clips which no run asked for are kept. */
const keptDays = 30;

export class ClipFolder {
  private constructor(private readonly folder: string) {}

  /** @param key of the file that the clips come from, with its version: each has a folder of its own below `parent` */
  static async open(parent: string, key: string): Promise<ClipFolder> {
    const folder = path.join(parent, createHash('sha256').update(key).digest('hex').slice(0, 24));
    await forgetOld(parent, folder);
    try {
      await mkdir(folder, { recursive: true });
      const now = new Date();
      await utimes(folder, now, now);
    } catch (error) {
      throw unwritable(folder, error);
    }
    return new ClipFolder(folder);
  }

  /** Answers the file, absolute. One that is there with all its bytes is left as it is. */
  async keep(line: number, kind: SoundKind, bytes: Uint8Array): Promise<string> {
    const ending = kind === 'opus' ? 'ogg' : kind;
    const file = path.join(this.folder, `${String(line).padStart(6, '0')}.${ending}`);
    const there = await stat(file).catch(() => undefined);
    if (there?.size === bytes.byteLength) return file;
    const part = `${file}.${process.pid}.part`;
    try {
      await writeFile(part, bytes);
      await rename(part, file);
    } catch (error) {
      await rm(part, { force: true });
      throw unwritable(this.folder, error);
    }
    return file;
  }
}

async function forgetOld(parent: string, spared: string): Promise<void> {
  const oldest = Date.now() - keptDays * 86_400_000;
  for (const name of await readdir(parent).catch(() => [])) {
    const folder = path.join(parent, name);
    const info = folder === spared ? undefined : await stat(folder).catch(() => undefined);
    if (info !== undefined && info.mtimeMs < oldest) await rm(folder, { recursive: true, force: true });
  }
}

function unwritable(folder: string, error: unknown): StudioError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  const message = say`The recordings cannot be put into ${folder} (${code}). Free some space, or take the data set out into files first.`;
  return new StudioError('dataset.writeFailed', message, { details: { path: folder, code }, cause: error });
}
