/**
 * How far the files of downloads are, between the backends that share a server: the one that fetches records it about
 * once a second as long as others live; the others read it for the downloads that somebody looks at.
 */
import type { Download, DownloadFile } from '../../../protocol/model/download';
import type { DownloadFileOutcome } from '../../stores/downloadFiles';
import type { DownloadsStore } from '../../stores/downloads';
import type { FileEvents } from './fileEvents';
import { filesAtRest } from './filesAtRest';

export interface LiveFilesOptions {
  readonly store: DownloadsStore;
  readonly events: FileEvents;
  /** Whether this backend works on the download. */
  readonly isOurs: (id: string) => boolean;
  /** The files of all downloads that this backend works on. */
  readonly underWay: () => readonly DownloadFile[];
}

interface Watched {
  count: number;
  /** The row at the last look, and what was told of each file then. */
  seq: number;
  readonly told: Map<string, string>;
}

export class LiveFiles {
  private readonly watched = new Map<string, Watched>();
  /** What changed since it was recorded last: the newest state of each file, by download and path. */
  private readonly unrecorded = new Map<string, Map<string, DownloadFile>>();
  private stop: (() => void) | undefined;

  constructor(private readonly options: LiveFilesOptions) {}

  /** Whether others want to know what this backend does. */
  setCompany(has: boolean): void {
    if (has === (this.stop !== undefined)) return;
    this.stop?.();
    this.stop = undefined;
    this.unrecorded.clear();
    if (!has) return;
    const { events, underWay } = this.options;
    this.stop = events.on('changed', (file) => this.note(file));
    for (const file of underWay()) this.note(file);
  }

  /** Somebody looks at the files of a download, until the answered function is called. */
  watch(id: string): () => void {
    const watched = this.watched.get(id) ?? { count: 0, seq: -1, told: new Map<string, string>() };
    watched.count += 1;
    this.watched.set(id, watched);
    return () => {
      watched.count -= 1;
      if (watched.count === 0 && this.watched.get(id) === watched) this.watched.delete(id);
    };
  }

  /** Records what this backend did since the last time. */
  async record(): Promise<void> {
    for (const [id, files] of this.unrecorded) {
      this.unrecorded.delete(id);
      if (this.options.isOurs(id))
        await this.options.store.saveLiveFiles(id, [...files.values()].map(outcome));
    }
  }

  /** Tells what other backends did since the last time. */
  async look(): Promise<void> {
    const { store, isOurs } = this.options;
    const ids = [...this.watched.keys()].filter((id) => !isOurs(id));
    if (ids.length === 0) return;
    for (const download of await store.some(ids)) {
      const watched = this.watched.get(download.id);
      // What rests changes with its row only.
      if (watched === undefined || (download.state !== 'downloading' && watched.seq === download.seq))
        continue;
      watched.seq = download.seq;
      await this.tell(download, watched.told);
    }
  }

  private note(file: DownloadFile): void {
    if (!this.options.isOurs(file.downloadId)) return;
    const files = this.unrecorded.get(file.downloadId) ?? new Map<string, DownloadFile>();
    this.unrecorded.set(file.downloadId, files.set(file.path, file));
  }

  private async tell(download: Download, told: Map<string, string>): Promise<void> {
    const { store, events, isOurs } = this.options;
    const files = await filesAtRest(download, await store.files(download.id));
    // It came to this backend meanwhile, which knows better.
    if (isOurs(download.id)) return;
    const changed = files.filter(({ path, state, bytesDone }) => told.get(path) !== `${state} ${bytesDone}`);
    for (const { path, state, bytesDone } of changed) told.set(path, `${state} ${bytesDone}`);
    events.tell(changed.map((file) => ({ ...file, seq: events.nextSeq() })));
  }
}

function outcome({ path, state, bytesDone, error }: DownloadFile): DownloadFileOutcome {
  return { path, state: recorded[state], bytesDone, error };
}

const recorded = {
  waiting: 'pending',
  downloading: 'downloading',
  verifying: 'downloading',
  done: 'completed',
  present: 'present',
  failed: 'failed',
} as const satisfies Record<DownloadFile['state'], DownloadFileOutcome['state']>;
