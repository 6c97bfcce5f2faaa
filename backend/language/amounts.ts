import { figure, say } from './say';

/** `12.3 MB`, `2.6 GB`, `9.1 kB`: decimal units. */
export function bytesOf(bytes: number): string {
  if (bytes >= 1e9) return say`${figure(bytes / 1e9, 1)} GB`;
  return bytes >= 1e5 ? say`${figure(bytes / 1e6, 1)} MB` : say`${figure(bytes / 1e3, 1)} kB`;
}
