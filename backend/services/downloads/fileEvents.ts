import type { DownloadFile } from '../../../protocol/model/download';
import { TypedEmitter, type EntityEvents } from '../../events';

/** Tells of the files of the downloads under way; numbers their states, so that the newest is known. */
export class FileEvents extends TypedEmitter<EntityEvents<DownloadFile>> {
  private last = 0;

  readonly nextSeq = (): number => (this.last += 1);

  tell(files: readonly DownloadFile[]): void {
    for (const file of files) this.emit('changed', file);
  }
}
