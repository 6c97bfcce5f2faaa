// Builds everything: `node esbuild.mjs [--watch]`. What each entry may load at once is checked by scripts/build/sizes.mjs.
import { build, context } from 'esbuild';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { copyAssets } from './scripts/build/assets.mjs';
import { writeSdk } from './scripts/build/sdk.mjs';
import { nameModules } from './scripts/build/moduleNames.mjs';
import { buildModels, buildPluginRuntime } from './scripts/build/runtimes.mjs';
import { checkPages, checkSizes } from './scripts/build/sizes.mjs';
import { sourceKey, stampOf } from './scripts/lib/build.mjs';

const root = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const out = path.join(root, 'dist');
const watch = process.argv.includes('--watch');

async function foldersWith(folder, file) {
  const base = path.join(root, folder);
  if (!existsSync(base)) return [];
  const entries = await readdir(base, { withFileTypes: true });
  return entries
    .filter((e) => e.isDirectory() && existsSync(path.join(base, e.name, file)))
    .map((e) => e.name);
}

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: !watch,
  keepNames: true,
  sourcemap: watch ? 'linked' : false,
  metafile: true,
  // The editor's watch task waits for the lines that esbuild prints at this level.
  logLevel: watch ? 'info' : 'warning',
  legalComments: 'none',
  // Its main file is UMD, whose inner `require`s a bundler cannot follow.
  alias: { 'jsonc-parser': path.join(root, 'node_modules/jsonc-parser/lib/esm/main.js') },
};

const plugins = await foldersWith('backend/plugins', 'index.ts');
const runtimes = await foldersWith('backend/runtimes', 'index.ts');
const withRuntime = await foldersWith('backend/plugins', 'runtime.ts');
const pages = await foldersWith('webviews', 'main.ts');

/** One bundle graph for the backend's processes and plugins: split, so that all share one copy of tfjs. */
const backend = {
  ...common,
  // Real names in the log without `keepNames`, whose marking of every closure costs a training step a tenth.
  minify: false,
  keepNames: false,
  minifyWhitespace: !watch,
  minifySyntax: !watch,
  entryPoints: {
    main: 'backend/main.ts',
    trainer: 'backend/training/trainerMain.ts',
    inference: 'backend/inference/inferenceMain.ts',
    engineInstall: 'backend/training/engines/install/installMain.ts',
    engineProbe: 'backend/training/engines/install/probeMain.ts',
    checkpointWriter: 'backend/training/checkpointThread.ts',
    database: 'backend/database/thread/databaseMain.ts',
    disk: 'backend/hub/disk/diskMain.ts',
    datasets: 'backend/datasets/thread/datasetMain.ts',
    pluginWorker: 'backend/training/external/worker.ts',
    ...Object.fromEntries(plugins.map((id) => [`plugins/${id}/index`, `backend/plugins/${id}/index.ts`])),
    ...Object.fromEntries(runtimes.map((id) => [`runtimes/${id}/index`, `backend/runtimes/${id}/index.ts`])),
  },
  outdir: path.join(out, 'backend'),
  platform: 'node',
  format: 'esm',
  splitting: true,
  target: 'node20',
  chunkNames: 'chunks/[name]-[hash]',
  external: ['pg-native', '@mapbox/node-pre-gyp'],
  // tfjs-node's kernels ask for the whole of tfjs and use its core; the rest (WebGL, data, a second core) stays out.
  alias: { ...common.alias, '@tensorflow/tfjs': '@tensorflow/tfjs-core' },
  // Bundled CommonJS packages call `require` for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; import { fileURLToPath as __toPath } from 'node:url'; import { dirname as __dirnameOf } from 'node:path'; const require = __createRequire(import.meta.url); const __filename = __toPath(import.meta.url); const __dirname = __dirnameOf(__filename);",
  },
};

/** What activation runs stays small: everything else is a second bundle, loaded when something is first used. */
const lazyStudio = {
  name: 'lazy-studio',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\/studio$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './studio.js', external: true } : undefined,
    ),
};

const extension = {
  ...common,
  entryPoints: { extension: 'extension/extension.ts', studio: 'extension/studio.ts' },
  outdir: path.join(out, 'extension'),
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  plugins: [lazyStudio],
  // A native import() would go round the loader that gives extensions their `vscode`.
  supported: { 'dynamic-import': false },
};

const webviews = {
  ...common,
  entryPoints: Object.fromEntries(pages.map((page) => [page, `webviews/${page}/main.ts`])),
  outdir: path.join(out, 'webviews'),
  platform: 'browser',
  format: 'esm',
  splitting: true,
  target: 'es2022',
  // Persian is two bytes a letter in UTF-8, which modules and workers are always read as, and six in escapes.
  charset: 'utf8',
  // Nothing here reads a function's name, and marking each costs a page a twentieth of its size.
  keepNames: false,
  chunkNames: 'chunks/[name]-[hash]',
  loader: { '.woff2': 'file', '.svg': 'text' },
};

/** Started by a page from a blob, whose script can import nothing: each a file of its own, with what it needs in it. */
const pageWorkers = {
  ...webviews,
  entryPoints: {
    audioSpectra: 'webviews/audio/spectraWorker.ts',
    modelWorker: 'webviews/playground/worker/worker.ts',
  },
  format: 'iife',
  splitting: false,
};

const key = await sourceKey(root);
await rm(out, { recursive: true, force: true });
await mkdir(path.join(out, 'backend'), { recursive: true });
await writeFile(path.join(out, 'backend', 'package.json'), '{ "type": "module" }\n');
await copyAssets({ root, out, cp });
await writeSdk({ root, out });
for (const id of withRuntime) {
  const text = await buildPluginRuntime(root, id);
  await mkdir(path.join(out, 'backend', 'plugins', id), { recursive: true });
  await writeFile(path.join(out, 'backend', 'plugins', id, 'runtime.mjs'), text);
}

await mkdir(path.join(out, 'runtime'), { recursive: true });
await writeFile(path.join(out, 'runtime', 'models.mjs'), await buildModels(root));

for (const [name, options] of Object.entries({ extension, backend, webviews, pageWorkers })) {
  if (watch) {
    await (await context(options)).watch();
    continue;
  }
  const built = await build(options);
  const metafile =
    name === 'backend' ? await nameModules(path.join(out, name), built.metafile) : built.metafile;
  await writeFile(path.join(out, `meta-${name}.json`), JSON.stringify(metafile));
  checkSizes(metafile);
  checkPages(metafile);
}
// So that whoever needs a build later knows that this is one of these very sources.
if (!watch) await writeFile(stampOf(root), key);
