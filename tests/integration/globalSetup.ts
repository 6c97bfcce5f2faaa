import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** The suite drives the built backend: build it, unless the runner has just done so. */
export default function setup(): void {
  if (process.env['GOYA_BUILT'] === '1') return;
  const root = path.resolve(import.meta.dirname, '../..');
  const built = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
  if (built.status !== 0) throw new Error('the build failed');
}
