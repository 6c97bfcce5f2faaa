/** Whether a published model's weights fit into a page. */
import { weightFiles } from '../../../ml/weights/weightFiles';
import type { FolderFile } from '../worker/blobFolder';

/** A page has 2 GB for WebAssembly, and the weights are in it next to what is computed from them. */
const mostBytes = 700e6;

/** Bytes of weights that a page may load; `deviceMemory` in GB, as the browser tells it, of which a tenth is given. */
export function pageRoom(deviceMemory: number | undefined): number {
  return Math.min(mostBytes, (deviceMemory ?? 8) * 1e8);
}

/** Bytes of the weights that would be read: of the same weights in two formats, one. */
export function weightBytes(files: readonly FolderFile[]): number {
  const first = weightFiles.find((name) => files.some((file) => file.name === name));
  const single = files.find(({ name }) => name === first);
  if (single !== undefined && !single.name.endsWith('.json')) return single.size;
  const extension = first?.includes('safetensors') === true ? '.safetensors' : '.bin';
  return files.filter(({ name }) => name.endsWith(extension)).reduce((sum, { size }) => sum + size, 0);
}
