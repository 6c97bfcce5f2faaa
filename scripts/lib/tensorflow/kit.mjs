import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { verifyEngine } from './verify.mjs';
import { wheelFile } from '../engine/wheel.mjs';

const probe = fileURLToPath(new URL('./probe.cjs', import.meta.url));

/** A checkout's parts of the engine: everything from node_modules, the wheel through pip. @returns {import('./provision.mjs').Kit} */
export function repositoryKit(root) {
  const require = createRequire(path.join(root, 'package.json'));
  const manifest = '@tensorflow/tfjs-node/package.json';
  return {
    tfjsNode: require(manifest).version,
    sources: {
      binding: path.join(path.dirname(require.resolve(manifest)), 'binding'),
      kernels: path.join(root, 'backend', 'training', 'engines', 'kernels'),
      include: require('node-api-headers').include_dir,
    },
    fetchWheel: wheelFile,
    verify: (folder) => verifyEngine({ probe, folder, env: { GOYA_PROBE_ROOT: root } }),
  };
}
