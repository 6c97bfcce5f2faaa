/** Paths within a model's folder, with forward slashes. */

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export const inFolder = (folder: string, name: string): string =>
  folder === '' ? name : `${folder}/${name}`;

/** A Persian one first (collections hold every language), then the topmost, then by name. */
export function persianFirst(paths: readonly string[]): string[] {
  const foreign = (path: string): number => (/(^|[/_-])fa([/_-]|$)/i.test(path) ? 0 : 1);
  const depth = (path: string): number => path.split('/').length;
  return [...paths].sort(
    (a, b) => foreign(a) - foreign(b) || depth(a) - depth(b) || (a < b ? -1 : a > b ? 1 : 0),
  );
}
