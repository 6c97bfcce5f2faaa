/**
 * A model's folder with the official client's bookkeeping, so that `hf download --local-dir` and Goya take over from
 * each other: `<dir>/.cache/huggingface/download/<path>.metadata` holds commit, etag and time (float seconds) on three
 * lines; beside it lies what is not complete yet, under a name made of the file's name and its etag.
 */
import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, open, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { toDiskError } from './diskError';
import { hashFile, hashKindOf } from './hashing';
import { Intervals } from './intervals';
import { readJournal } from './journal';
import { rangedPaths } from './rangedPaths';
import { checkSafePath, makeFolders } from './safePath';

export interface LocalMetadata {
  readonly commit: string;
  readonly etag: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

/** What is needed of a repository's file. */
export interface LocalFile {
  readonly path: string;
  readonly size: number;
  readonly etag?: string | undefined;
}

export interface LocalState {
  readonly state: 'present' | 'partial' | 'missing';
  /** Bytes that need not be fetched again. */
  readonly bytesDone: number;
}

const bookkeeping = ['.cache', 'huggingface'] as const;
/** As the Cache Directory Tagging Specification wants it: backup programs skip such a folder. */
const cacheTag = 'Signature: 8a477f597d28d172789f06886806bc55\n# Bookkeeping of downloads.\n';

export class LocalDir {
  private prepared: Promise<void> | undefined;
  /** Folders that were made and looked at: a model of many files asks for the same few again and again. */
  private readonly folders = new Map<string, Promise<string>>();
  /** What lay in the folders when they were first read: only what an earlier attempt left matters. */
  private readonly leftovers = new Map<string, Promise<string[]>>();

  /** `root`: the absolute folder of the model. */
  constructor(readonly root: string) {}

  destination(file: string): string {
    return path.join(this.root, ...file.split('/'));
  }

  metadataPath(file: string): string {
    return path.join(this.root, ...bookkeeping, 'download', ...`${file}.metadata`.split('/'));
  }

  /** Named after the file and its etag: another version of the file never goes on from these bytes. */
  partialPath(file: string, etag: string | undefined): string {
    return path.join(path.dirname(this.metadataPath(file)), `${this.partialStem(file, etag)}.incomplete`);
  }

  /** Where a finished file of a newer version waits until all of them are there. */
  stagedPath(file: string, etag: string | undefined): string {
    return this.partialPath(file, etag).replace(/\.incomplete$/, '.staged');
  }

  /** Where a copy of what another program fetched gathers. */
  copiedPath(file: string, etag: string | undefined): string {
    return this.partialPath(file, etag).replace(/\.incomplete$/, '.copied');
  }

  /** Whether the file waits there, byte for byte. */
  async isStaged(file: LocalFile, signal?: AbortSignal): Promise<boolean> {
    const staged = this.stagedPath(file.path, file.etag);
    const found = await lstat(staged).catch(() => undefined);
    if (found?.isFile() !== true || found.size !== file.size) return false;
    const kind = hashKindOf(file.etag);
    return kind !== undefined && (await hashFile(staged, kind, file.size, signal)) === file.etag;
  }

  /**
   * Makes the folders of a file and of its bookkeeping. Throws `download.unsafePath` or a disk's error.
   * `begun`: something of the file lies in `partial`.
   */
  async prepare(
    file: string,
    etag: string | undefined,
  ): Promise<{ destination: string; partial: string; begun: boolean }> {
    try {
      checkSafePath(file);
      const segments = file.split('/').slice(0, -1);
      await this.folder(segments, file);
      await (this.prepared ??= this.makeBookkeeping());
      await this.folder([...bookkeeping, 'download', ...segments], file);
      const destination = this.destination(file);
      const partial = this.partialPath(file, etag);
      const begun = await this.adopt(file, etag, partial);
      return { destination, partial, begun };
    } catch (error) {
      this.prepared = undefined;
      this.folders.clear();
      throw toDiskError(error, this.destination(file));
    }
  }

  /** Undefined when there is none, it cannot be read, or the file was changed after it was written. */
  async readMetadata(file: string): Promise<LocalMetadata | undefined> {
    try {
      const text = await readFile(this.metadataPath(file), 'utf8');
      const [commit = '', etag = '', time = ''] = text.split('\n').map((line) => line.trim());
      const timestamp = Number(time);
      if (commit === '' || etag === '' || time === '' || Number.isNaN(timestamp)) return undefined;
      const { mtimeMs } = await stat(this.destination(file));
      // A second of grace: some file systems round.
      return mtimeMs / 1000 - 1 <= timestamp ? { commit, etag, timestamp } : undefined;
    } catch {
      return undefined;
    }
  }

  /** What the bookkeeping is to say of a file, and where: from now on it is of this commit. */
  metadataOf(file: string, commit: string, etag: string): { readonly path: string; readonly text: string } {
    return { path: this.metadataPath(file), text: `${commit}\n${etag}\n${Date.now() / 1000}\n` };
  }

  async writeMetadata(file: string, commit: string, etag: string): Promise<void> {
    const { path: target, text } = this.metadataOf(file, commit, etag);
    try {
      await this.folder([...bookkeeping, 'download', ...file.split('/').slice(0, -1)], file);
      await writeFile(target, text);
    } catch (error) {
      throw toDiskError(error, target);
    }
  }

  /**
   * Whether the file is there, byte for byte. One whose bookkeeping is missing or stale is hashed; one that cannot be
   * checked at all counts as missing.
   */
  async state(file: LocalFile, signal?: AbortSignal): Promise<LocalState> {
    return this.stateBy(file, () => this.isSame(file, signal));
  }

  /** The same without hashing: a file without bookkeeping counts as there when its size fits. For estimates. */
  async quickState(file: LocalFile): Promise<LocalState> {
    return this.stateBy(file, async () => {
      const metadata = await this.readMetadata(file.path);
      return metadata === undefined || metadata.etag === file.etag;
    });
  }

  private async stateBy(file: LocalFile, isSame: () => Promise<boolean>): Promise<LocalState> {
    const found = await this.look(this.destination(file.path));
    if (found?.isFile() === true && found.size === file.size && (await isSame())) {
      return { state: 'present', bytesDone: file.size };
    }
    const waiting = await this.look(this.stagedPath(file.path, file.etag));
    if (waiting?.isFile() === true && waiting.size === file.size && file.size > 0) {
      return { state: 'partial', bytesDone: file.size };
    }
    const partial = await this.largestPartial(file.path, file.etag);
    const ranged = await this.journalledBytes(file);
    const bytes = ranged > 0 || partial === undefined || partial.size > file.size ? ranged : partial.size;
    return bytes > 0 ? { state: 'partial', bytesDone: bytes } : { state: 'missing', bytesDone: 0 };
  }

  /** Makes the names of new files durable, where the system can. Their content is already. */
  async sync(): Promise<void> {
    if (process.platform === 'win32') return;
    for (const folder of await Promise.all(this.folders.values())) {
      const handle = await open(folder, 'r').catch(() => undefined);
      // Some network file systems do not sync folders: then this is as good as it gets.
      await handle?.sync().catch(() => undefined);
      await handle?.close();
    }
  }

  /** Others may have been at work in the folder: it is read anew. */
  forgetListings(): void {
    this.leftovers.clear();
  }

  /** Removes what is not complete of these files; complete ones stay. */
  async discardPartials(files: readonly LocalFile[]): Promise<void> {
    this.leftovers.clear();
    for (const file of files) {
      const folder = path.dirname(this.metadataPath(file.path));
      for (const name of await this.partialNames(file.path, file.etag)) {
        await rm(path.join(folder, name), { force: true });
      }
      const ranged = rangedPaths(this.partialPath(file.path, file.etag));
      await rm(ranged.path, { force: true });
      await rm(ranged.journal, { force: true });
      for (const path of [this.stagedPath(file.path, file.etag), this.copiedPath(file.path, file.etag)]) {
        await rm(path, { force: true });
      }
    }
  }

  /** Takes the bookkeeping's own folder away when it tells of no file any more. */
  async removeEmptyBookkeeping(): Promise<void> {
    const folder = path.join(this.root, ...bookkeeping);
    const left = await readdir(folder).catch(() => [] as string[]);
    const own = ['.gitignore', 'CACHEDIR.TAG'];
    if (left.length === 0 || left.some((name) => !own.includes(name))) return;
    this.prepared = undefined;
    await rm(folder, { recursive: true, force: true });
    // Others keep things in `.cache` too: it goes only when it is empty.
    await rmdir(path.dirname(folder)).catch(() => undefined);
  }

  private folder(segments: readonly string[], file: string): Promise<string> {
    const key = segments.join('/');
    const known = this.folders.get(key) ?? makeFolders(this.root, segments, file);
    this.folders.set(key, known);
    return known;
  }

  private async isSame(file: LocalFile, signal: AbortSignal | undefined): Promise<boolean> {
    const metadata = await this.readMetadata(file.path);
    if (file.etag === undefined) return metadata !== undefined;
    if (metadata !== undefined) return metadata.etag === file.etag;
    const kind = hashKindOf(file.etag);
    if (kind === undefined) return false;
    return (await hashFile(this.destination(file.path), kind, file.size, signal)) === file.etag;
  }

  /** The newer official clients add a mark of their own to the name: the longest of them is gone on from. */
  private async adopt(file: string, etag: string | undefined, own: string): Promise<boolean> {
    const best = await this.largestPartial(file, etag);
    if (best === undefined) return false;
    const from = path.join(path.dirname(own), best.name);
    if (from !== own) await rename(from, own);
    return true;
  }

  private async largestPartial(
    file: string,
    etag: string | undefined,
  ): Promise<{ name: string; size: number } | undefined> {
    const folder = path.dirname(this.metadataPath(file));
    let best: { name: string; size: number } | undefined;
    for (const name of await this.partialNames(file, etag)) {
      const found = await lstat(path.join(folder, name)).catch(() => undefined);
      if (found?.isFile() !== true) continue;
      if (best === undefined || found.size > best.size) best = { name, size: found.size };
    }
    return best;
  }

  /** Of a file that comes in ranges, by its journal alone. */
  private async journalledBytes({ path: file, size, etag }: LocalFile): Promise<number> {
    const folder = path.dirname(this.metadataPath(file));
    const { journal } = rangedPaths(this.partialPath(file, etag));
    if (!(await this.namesIn(folder)).includes(path.basename(journal))) return 0;
    const known = await readJournal(journal, { size, etag });
    return new Intervals(known?.records).total;
  }

  /** In a folder that was empty nothing needs to be looked for: names may be spelt otherwise there, none are not. */
  private async look(file: string): Promise<Stats | undefined> {
    if ((await this.namesIn(path.dirname(file))).length === 0) return undefined;
    return lstat(file).catch(() => undefined);
  }

  private namesIn(folder: string): Promise<string[]> {
    const reading = this.leftovers.get(folder) ?? readdir(folder).catch(() => [] as string[]);
    this.leftovers.set(folder, reading);
    return reading;
  }

  private async partialNames(file: string, etag: string | undefined): Promise<string[]> {
    const stem = this.partialStem(file, etag);
    const folder = path.dirname(this.metadataPath(file));
    const names = await this.namesIn(folder);
    return names.filter(
      (name) =>
        name === `${stem}.incomplete` ||
        (name.startsWith(`${stem}.`) && /\.[0-9a-f]{8}\.incomplete$/.test(name)),
    );
  }

  private partialStem(file: string, etag: string | undefined): string {
    const name = createHash('sha1')
      .update(path.posix.basename(`${file}.metadata`))
      .digest('base64');
    const plain = etag !== undefined && /^[\w-]{1,128}$/.test(etag);
    const mark = plain
      ? etag
      : createHash('sha1')
          .update(etag ?? '')
          .digest('hex');
    return `${name.replaceAll('+', '-').replaceAll('/', '_')}.${mark}`;
  }

  private async makeBookkeeping(): Promise<void> {
    const folder = await makeFolders(this.root, bookkeeping, bookkeeping.join('/'));
    for (const [name, content] of [
      ['.gitignore', '*'],
      ['CACHEDIR.TAG', cacheTag],
    ] as const) {
      await writeFile(path.join(folder, name), content, { flag: 'wx' }).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      });
    }
  }
}
