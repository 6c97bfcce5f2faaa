// Runs reference vectors against the project's own code: `npm run verify:goldens -- DIR --out OUT [--engine NAME]`.
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { inRoot, root } from './lib/project.mjs';

// Inside the checkout, so that the bundle finds the engines' files as the product does.
const folder = await mkdtemp(inRoot('node_modules', '.goya-goldens-'));
const outfile = path.join(folder, 'main.mjs');
try {
  await build({
    absWorkingDir: root,
    entryPoints: ['tests/goldens/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    external: ['pg-native', '@mapbox/node-pre-gyp'],
    alias: { '@tensorflow/tfjs': '@tensorflow/tfjs-core' },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; import { fileURLToPath as __toPath } from 'node:url'; import { dirname as __dirnameOf } from 'node:path'; const require = __createRequire(import.meta.url); const __filename = __toPath(import.meta.url); const __dirname = __dirnameOf(__filename);",
    },
  });
  await import(pathToFileURL(outfile).href);
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
