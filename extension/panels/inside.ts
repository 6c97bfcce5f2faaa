import path from 'node:path';

/** True when `file` is one of the folders or lies in one. Both absolute; `..` cannot lead out. */
export function isInsideAny(file: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    const relative = path.relative(folder, path.resolve(file));
    return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
  });
}
