/** Why a file could not be written, as a person can act on it. */
import { StudioError, isStudioError } from '../../protocol/wire/errors';

const causes: Readonly<Record<string, string>> = {
  EROFS: 'the disk is read-only',
  EACCES: 'Goya may not write there',
  EPERM: 'Goya may not write there',
  EBUSY: 'another program holds it',
  EFBIG: 'the file is too large for that disk',
  EISDIR: 'a folder of that name is in the way',
  ENOTEMPTY: 'a folder of that name is in the way',
  ENOTDIR: 'a file is where a folder should be',
  EEXIST: 'a file is where a folder should be',
  ENOENT: 'its folder has gone',
  ENAMETOOLONG: 'the path is too long',
  EIO: 'the disk reports an error',
};

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
      `The disk is full: ${path} could not be written. Make room and resume; what is there already is kept.`,
      { details: { path, code }, cause: error },
    );
  }
  const why = causes[code] ?? `the system says ${code}`;
  return new StudioError(
    'download.writeFailed',
    `${path} could not be written: ${why}. Set that right, or choose another models folder, and resume.`,
    { retryable: code === 'EBUSY', details: { path, code }, cause: error },
  );
}

/** Says before the first byte that there is no room. Sizes in bytes. */
export function diskFull(folder: string, needed: number, free: number): StudioError {
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(2)} GB`;
  return new StudioError(
    'download.diskFull',
    `${folder} has ${gigabytes(free)} free and the download needs ${gigabytes(needed)}. Make room, choose another models folder, or take fewer files.`,
    { details: { path: folder, neededBytes: needed, freeBytes: free } },
  );
}
