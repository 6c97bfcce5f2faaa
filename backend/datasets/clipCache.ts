/** What earlier looks found in recordings, on disk: a file of the same size and time is not read again. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ClipOutcome } from './clipFacts';

export interface ClipMemory {
  get(file: string, size: number, mtimeMs: number): ClipOutcome | undefined;
  set(file: string, size: number, mtimeMs: number, outcome: ClipOutcome): void;
}

/** Remembers nothing. */
export const noMemory: ClipMemory = { get: () => undefined, set: () => undefined };

/** Changes when clips are measured in another way. */
const version = 2;

interface Entry {
  readonly size: number;
  readonly mtimeMs: number;
  readonly outcome: ClipOutcome;
}

export class ClipCache implements ClipMemory {
  private changed = false;
  private readonly used = new Map<string, Entry>();

  private constructor(
    private readonly file: string,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** `folder` holds one file for each data set; what cannot be read there is found out anew. */
  static async open(folder: string, dataset: string, locale: string): Promise<ClipCache> {
    // Faults are sentences, so each language has its own.
    const key = `${createHash('sha1').update(dataset).digest('hex').slice(0, 24)}-${locale}.json`;
    const file = path.join(folder, key);
    try {
      const stored = JSON.parse(await readFile(file, 'utf8')) as { version?: unknown; clips?: unknown };
      if (stored.version === version && Array.isArray(stored.clips))
        return new ClipCache(file, new Map(stored.clips as [string, Entry][]));
    } catch {
      // A first look, or a file that a crash left: the clips are read.
    }
    return new ClipCache(file, new Map());
  }

  get(file: string, size: number, mtimeMs: number): ClipOutcome | undefined {
    const entry = this.entries.get(file);
    if (entry?.size !== size || entry.mtimeMs !== mtimeMs) return undefined;
    this.used.set(file, entry);
    return entry.outcome;
  }

  set(file: string, size: number, mtimeMs: number, outcome: ClipOutcome): void {
    this.changed = true;
    this.used.set(file, { size, mtimeMs, outcome });
  }

  /** What was used or found this time; clips that are gone are forgotten. */
  async save(): Promise<void> {
    if (!this.changed && this.used.size === this.entries.size) return;
    const aside = `${this.file}.${process.pid}.${Date.now()}`;
    try {
      await mkdir(path.dirname(this.file), { recursive: true });
      await writeFile(aside, JSON.stringify({ version, clips: [...this.used] }));
      await rename(aside, this.file);
    } catch {
      // Without it the next look takes as long as the first, and is as right.
      await rm(aside, { force: true });
    }
  }
}
