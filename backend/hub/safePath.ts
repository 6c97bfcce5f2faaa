/**
 * File names in a hub's listing are hostile input: whatever they say, nothing may be written outside the model's
 * folder, onto Goya's own bookkeeping, or under a name that means something else on another system.
 */
import { lstat, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../protocol/wire/errors';

/** Longest name of a file or folder, in bytes, on the file systems in use. */
const longestName = 255;
/** The bookkeeping beside a file is named after it with this suffix. */
const bookkeepingSuffix = '.metadata';
const longestPath = { win32: 32_000, other: 4000 };

const reservedOnWindows = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

function unsafe(name: string, what: string, why: string): StudioError {
  const shown = name.length > 200 ? `${name.slice(0, 200)}…` : name;
  return new StudioError(
    'download.unsafePath',
    `${what} "${shown.replace(/\p{Cc}/gu, '\uFFFD')}" is refused: ${why}. Nothing was written. Exclude it, or ask the repository's owner to rename it.`,
    { details: { path: name } },
  );
}

/** Throws `download.unsafePath` unless the name, `/`-separated, is a plain relative path on every system. */
export function checkSafePath(name: string, what = 'The file name', platform = process.platform): void {
  const refuse = (why: string): never => {
    throw unsafe(name, what, why);
  };
  if (name === '') refuse('it is empty');
  if (/[\u0000-\u001f\u007f]/.test(name)) refuse('it contains a control character');
  if (name.includes('\\')) refuse('it contains a backslash, which separates folders on Windows');
  if (name.startsWith('/')) refuse('it is an absolute path');
  if (name.includes(':')) refuse('it contains a colon, which names a drive or a stream on Windows');
  if (platform === 'win32' && /[<>"|?*]/.test(name)) {
    refuse('it contains a character that Windows does not allow in names');
  }
  const limit = platform === 'win32' ? longestPath.win32 : longestPath.other;
  if (Buffer.byteLength(name) > limit / 2) refuse('it is too long');
  const segments = name.split('/');
  for (const part of segments) checkSegment(part, refuse);
  if (Buffer.byteLength(segments.at(-1) ?? '') > longestName - bookkeepingSuffix.length) {
    refuse('its last part is too long');
  }
  if (segments[0]?.toLowerCase() === '.cache' && segments[1]?.toLowerCase() === 'huggingface') {
    refuse('it would overwrite the bookkeeping of downloads');
  }
}

function checkSegment(part: string, refuse: (why: string) => never): void {
  if (part === '') refuse('it has an empty part');
  if (part === '.' || part === '..') refuse('it leads to another folder');
  if (/[. ]$/.test(part)) refuse('a part of it ends in a dot or a space, which Windows drops');
  if (reservedOnWindows.test(part)) refuse(`"${part}" is a device on Windows`);
  if (part.toLowerCase() === '.git') refuse('it would become part of a git repository');
  if (Buffer.byteLength(part) > longestName) refuse('a part of it is too long');
}

/** As one name on a file system that ignores case or normalises Unicode. */
const folded = (name: string): string => name.normalize('NFC').toLowerCase();

/** Checks each name, and that no two of them are one and the same file somewhere. */
export function checkSafePaths(names: readonly string[], platform = process.platform): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    checkSafePath(name, 'The file name', platform);
    const key = folded(name);
    const other = seen.get(key);
    if (other !== undefined) {
      throw unsafe(name, 'The file name', `it is the same name as "${other}" where case does not count`);
    }
    seen.set(key, name);
  }
  for (const name of names) {
    const parts = folded(name).split('/');
    for (let depth = 1; depth < parts.length; depth += 1) {
      const other = seen.get(parts.slice(0, depth).join('/'));
      if (other !== undefined) throw unsafe(name, 'The file name', `"${other}" is a file, not a folder`);
    }
  }
}

/**
 * Makes folders within each other below `root`. A link on the way is refused: whoever put it there would decide where
 * the bytes go. `subject` names the file that the folders are for.
 */
export async function makeFolders(
  root: string,
  segments: readonly string[],
  subject: string,
): Promise<string> {
  let folder = root;
  await makeRoot(root);
  for (const segment of segments) {
    folder = path.join(folder, segment);
    await mkdir(folder).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
    const found = await lstat(folder);
    if (found.isSymbolicLink())
      throw unsafe(subject, 'The file name', `${folder} is a link to somewhere else`);
    if (!found.isDirectory()) throw unsafe(subject, 'The file name', `${folder} is a file, not a folder`);
  }
  return folder;
}

/** As `mkdir` with `recursive`, which calls a read-only disk a missing folder. */
async function makeRoot(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && path.dirname(folder) !== folder) {
      await makeRoot(path.dirname(folder));
      await mkdir(folder).catch((second: unknown) => {
        if ((second as NodeJS.ErrnoException).code !== 'EEXIST') throw second;
      });
    } else if (!(await isFolder(folder))) {
      throw error;
    }
  }
}

/** Windows answers EPERM for a drive's root, others EROFS or EACCES, although it is there. */
function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Whether `inner` is `outer` or below it; both absolute. */
export function isInside(outer: string, inner: string): boolean {
  const relative = path.relative(outer, inner);
  const above = relative === '..' || relative.startsWith(`..${path.sep}`);
  return !above && !path.isAbsolute(relative);
}
