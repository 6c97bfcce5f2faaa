import type { ByteSource, SourceFolder } from '../../../ml/weights/byteSource';

export interface FolderFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * A folder whose files come as blobs, each when it is first read: the browser keeps a blob outside the page's memory,
 * and parts of it are read as they are asked for. The editor's resource service answers a range with the whole file.
 */
export function blobFolder(
  files: readonly FolderFile[],
  fetch: (name: string) => Promise<Blob>,
): SourceFolder {
  const blobs = new Map<string, Promise<Blob>>();
  const blobOf = (name: string): Promise<Blob> => {
    const known = blobs.get(name) ?? fetch(name);
    blobs.set(name, known);
    return known;
  };
  const source = ({ name, size }: FolderFile): ByteSource => ({
    name,
    size,
    read: async (start, end) => new Uint8Array(await (await blobOf(name)).slice(start, end).arrayBuffer()),
  });
  return {
    open: (name) => {
      const file = files.find((one) => one.name === name);
      return Promise.resolve(file === undefined ? undefined : source(file));
    },
  };
}
