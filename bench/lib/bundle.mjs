import path from 'node:path';
import { build } from 'esbuild';
import { root } from '../../scripts/lib/project.mjs';

/** A program of the backend's sources, as the build makes them. */
export async function bundle(entry, outfile) {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['@mapbox/node-pre-gyp', 'pg-native'],
    alias: {
      '@tensorflow/tfjs': '@tensorflow/tfjs-core',
      'jsonc-parser': path.join(root, 'node_modules/jsonc-parser/lib/esm/main.js'),
    },
    banner: {
      js: "import { createRequire as __r } from 'node:module'; import { fileURLToPath as __p } from 'node:url'; import { dirname as __d } from 'node:path'; const require = __r(import.meta.url); const __filename = __p(import.meta.url); const __dirname = __d(__filename);",
    },
    logLevel: 'error',
  });
}
