import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** `<storagePath>/database-url`: the server that this storage uses, readable by its owner only. Takes effect at the next start. */
export class DatabaseUrlFile {
  private readonly file: string;

  constructor(storagePath: string) {
    this.file = path.join(storagePath, 'database-url');
  }

  async read(): Promise<string | undefined> {
    try {
      const url = (await readFile(this.file, 'utf8')).trim();
      return url === '' ? undefined : url;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** The empty string goes back to the embedded database. */
  async write(url: string): Promise<void> {
    if (url === '') {
      await rm(this.file, { force: true });
      return;
    }
    await mkdir(path.dirname(this.file), { recursive: true });
    const aside = `${this.file}.${process.pid}.tmp`;
    await writeFile(aside, `${url}\n`, { mode: 0o600 });
    await rename(aside, this.file);
  }
}
