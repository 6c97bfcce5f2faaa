/**
 * The files of a download that this backend does not work on: the record for what has ended and for what another
 * backend fetches, the disk for the rest.
 */
import type { Download, DownloadFile } from '../../../protocol/model/download';
import { LocalDir } from '../../hub/localDir';
import type { DownloadFile as StoredFile } from '../../stores/downloadFiles';

export function filesAtRest(download: Download, files: readonly StoredFile[]): Promise<DownloadFile[]> {
  const local = new LocalDir(download.path);
  return Promise.all(
    files.map(async (file) => ({
      id: `${download.id}/${file.path}`,
      downloadId: download.id,
      path: file.path,
      size: file.size,
      seq: 0,
      ...(await stateOf(download, file, local)),
    })),
  );
}

async function stateOf(
  download: Download,
  file: StoredFile,
  local: LocalDir,
): Promise<Pick<DownloadFile, 'state' | 'bytesDone' | 'error'>> {
  const { size } = file;
  if (file.state === 'completed') return { state: 'done', bytesDone: size };
  if (file.state === 'present') return { state: 'present', bytesDone: size };
  if (file.state === 'downloading' && download.state === 'downloading')
    return { state: file.bytesDone < size ? 'downloading' : 'verifying', bytesDone: file.bytesDone };
  const { state, bytesDone } = await local.quickState(file);
  if (file.state === 'failed' && download.state === 'failed')
    return { state: 'failed', bytesDone, ...(file.error === undefined ? {} : { error: file.error }) };
  if (state !== 'present') return { state: 'waiting', bytesDone };
  // A crash kept it from the record; the bookkeeping tells who brought it.
  const metadata = await local.readMetadata(file.path);
  return { state: metadata?.commit === download.commit ? 'done' : 'present', bytesDone: size };
}
