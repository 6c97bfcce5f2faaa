/** Why a file could not be written, as a person can act on it. */
import { StudioError, isStudioError } from '../../protocol/wire/errors';
import { figure, say } from '../language/say';

const causes: Readonly<Record<string, () => string>> = {
  EROFS: () => say`the disk is read-only`,
  EACCES: () => say`Goya may not write there`,
  EPERM: () => say`Goya may not write there`,
  EBUSY: () => say`another program holds it`,
  EFBIG: () => say`the file is too large for that disk`,
  EISDIR: () => say`a folder of that name is in the way`,
  ENOTEMPTY: () => say`a folder of that name is in the way`,
  ENOTDIR: () => say`a file is where a folder should be`,
  EEXIST: () => say`a file is where a folder should be`,
  ENOENT: () => say`its folder has gone`,
  ENAMETOOLONG: () => say`the path is too long`,
  EIO: () => say`the disk reports an error`,
};

/** `ENOENT`: another window that fetches into the same folder was faster in giving the file its name. */
const mayPass: ReadonlySet<string> = new Set(['EBUSY', 'ENOENT']);

/** The code of a file system's error; undefined for anything else. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  return code;
}

/** `download.diskFull` or `download.writeFailed` for a file system's error; everything else as it came. */
export function toDiskError(error: unknown, path: string): unknown {
  if (isStudioError(error)) return error;
  const code = codeOf(error);
  if (code === undefined) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StudioError(
      'download.diskFull',
      say`The disk is full: ${path} could not be written. Make room and resume; what is there already is kept.`,
      { details: { path, code }, cause: error },
    );
  }
  const why = causes[code]?.() ?? say`the system says ${code}`;
  return new StudioError(
    'download.writeFailed',
    say`${path} could not be written: ${why}. Set that right, or choose another models folder, and resume.`,
    { retryable: mayPass.has(code), details: { path, code }, cause: error },
  );
}

/** Says before the first byte that there is no room. Sizes in bytes. */
export function diskFull(folder: string, needed: number, free: number): StudioError {
  const gigabytes = (bytes: number): string => say`${figure(bytes / 1e9, 2)} GB`;
  return new StudioError(
    'download.diskFull',
    say`${folder} has ${gigabytes(free)} free and the download needs ${gigabytes(needed)}. Make room, choose another models folder, or take fewer files.`,
    { details: { path: folder, neededBytes: needed, freeBytes: free } },
  );
}
