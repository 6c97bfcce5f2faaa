/** What is known of each file of a download that is under way. */
import type { Failure } from '../../../protocol/model/common';
import type { DownloadFile, DownloadFileState } from '../../../protocol/model/download';
import type { DownloadFileOutcome, DownloadFileState as StoredState } from '../../stores/downloadFiles';

export interface BoardFile {
  readonly path: string;
  readonly size: number;
}

const ended: ReadonlySet<DownloadFileState> = new Set(['done', 'present', 'failed']);

export class FileBoard {
  private readonly files = new Map<string, DownloadFile>();
  private readonly changed = new Set<string>();

  /** `nextSeq` must rise over all boards: a later one continues an earlier one's files. */
  constructor(
    private readonly downloadId: string,
    files: readonly BoardFile[],
    private readonly nextSeq: () => number,
  ) {
    this.add(files);
  }

  add(files: readonly BoardFile[]): void {
    for (const { path, size } of files) {
      this.files.set(path, {
        id: `${this.downloadId}/${path}`,
        downloadId: this.downloadId,
        path,
        size,
        bytesDone: 0,
        state: 'waiting',
        seq: this.nextSeq(),
      });
      this.changed.add(path);
    }
  }

  has(path: string): boolean {
    return this.files.has(path);
  }

  get bytesDone(): number {
    let sum = 0;
    for (const file of this.files.values()) sum += file.bytesDone;
    return sum;
  }

  get bytesTotal(): number {
    let sum = 0;
    for (const file of this.files.values()) sum += file.size;
    return sum;
  }

  get filesTotal(): number {
    return this.files.size;
  }

  get filesDone(): number {
    let count = 0;
    for (const { state } of this.files.values()) if (state === 'done' || state === 'present') count += 1;
    return count;
  }

  bytesOf(path: string): number {
    return this.files.get(path)?.bytesDone ?? 0;
  }

  /** Bytes that are there of a file on its way; all of them: what is left is the proof. */
  count(path: string, bytesDone: number): void {
    const file = this.files.get(path);
    if (file === undefined) return;
    this.set(path, bytesDone >= file.size ? 'verifying' : 'downloading', bytesDone);
  }

  set(path: string, state: DownloadFileState, bytesDone = this.bytesOf(path), error?: Failure): void {
    const file = this.files.get(path);
    if (file === undefined || (file.state === state && file.bytesDone === bytesDone)) return;
    const { id, downloadId, size } = file;
    this.files.set(path, {
      id,
      downloadId,
      path,
      size,
      state,
      bytesDone: Math.min(bytesDone, size),
      ...(error === undefined ? {} : { error }),
      seq: this.nextSeq(),
    });
    this.changed.add(path);
  }

  /** In the order of their paths. */
  list(): DownloadFile[] {
    return [...this.files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** What changed since the last call. */
  takeChanged(): DownloadFile[] {
    const files = [...this.changed].flatMap((path) => this.files.get(path) ?? []);
    this.changed.clear();
    return files;
  }

  /** For the record: files that are not at their end wait. */
  outcomes(): DownloadFileOutcome[] {
    return this.list().map(({ path, state, bytesDone, error }) => ({
      path,
      state: ended.has(state) ? stored[state as 'done' | 'present' | 'failed'] : 'pending',
      bytesDone,
      error,
    }));
  }
}

const stored: Readonly<Record<'done' | 'present' | 'failed', StoredState>> = {
  done: 'completed',
  present: 'present',
  failed: 'failed',
};
