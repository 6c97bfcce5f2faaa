import { figure, say } from './say';

/** `12.3 MB`, `2.6 GB`: decimal units. */
export function bytesOf(bytes: number): string {
  return bytes >= 1e9 ? say`${figure(bytes / 1e9, 1)} GB` : say`${figure(bytes / 1e6, 1)} MB`;
}
