/** What models take at their real size with random weights, on each engine; held against PyTorch where Python has it. */
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from '../scripts/lib/project.mjs';
import { run, whichOf } from '../scripts/lib/run.mjs';
import { say } from '../scripts/lib/say.mjs';
import { option } from './lib/options.mjs';

const runs = '3';
/** Of WebAssembly's threads, as many as PyTorch takes; `GOYA_WASM_THREADS` asks for others. */
process.env.GOYA_WASM_THREADS ??= '2';

/** MMS's published file holds 145 MB of float32. */
const mostMB = 1.5 * 145 + 300;

/** @param {import('./lib/report.mjs').Report} report */
export async function vits(report) {
  const told = 'VITS, 60 characters';
  const only = option('--engine');
  const [native, wasm] = await inTurn(['tensorflow', 'wasm'], (engine) =>
    only === undefined || only === engine ? measured('vits', engine) : undefined,
  );
  for (const one of [native, wasm].filter((found) => found !== undefined)) {
    const { engine, figures, seconds, peakMB } = one;
    for (const [part, ms] of Object.entries(figures))
      report.note(`${told}: ${part}, ${engine.name}`, ms, { unit: 'ms', ...boundOf(part, engine.name) });
    const factor = figures.total / 1000 / seconds;
    report.note(`${told}: real-time factor, ${engine.name}`, factor, { unit: '×', most: 1 });
    const most = engine.name === 'tensorflow' ? { most: mostMB } : {};
    report.note(`${told}: peak memory, ${engine.name}`, peakMB, { unit: 'MB', ...most });
  }
  if (native === undefined) return;
  const torch = await torchOf('torch_vits.py');
  if (torch === undefined) return;
  for (const [part, ms] of Object.entries(torch.figures))
    report.note(`${told}: ${part}, PyTorch ${torch.engine.version}`, ms, { unit: 'ms' });
  const ratio = native.figures.total / torch.figures.total;
  report.note(`${told}: total, tensorflow : PyTorch`, ratio, { unit: '×', most: 1.1 });
}

const boundOf = (part, engine) => (part === 'first sound' && engine === 'tensorflow' ? { most: 500 } : {});

/** One after the other: side by side they would take each other's cores. */
async function inTurn(all, work) {
  const answers = [];
  for (const one of all) answers.push(await work(one));
  return answers;
}

/** One engine's figures, from a process of its own. */
async function measured(name, engine) {
  // Beside the built backend, whose .wasm files it finds there.
  const folder = await mkdtemp(path.join(root, 'dist', 'backend', 'bench-models-'));
  try {
    const program = path.join(folder, `${name}.mjs`);
    await bundle(path.join(root, 'bench', 'models', `${name}.mjs`), program);
    return await json(process.execPath, [program, engine, runs]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function torchOf(file) {
  const python = process.env.GOYA_PYTHON || (await whichOf(['python3', 'python']));
  if (!python) {
    say('models: not held against PyTorch: there is no Python here (set GOYA_PYTHON)');
    return undefined;
  }
  const figures = await json(python, [path.join(root, 'bench', 'models', file), runs]);
  if (figures === undefined)
    say(`models: not held against PyTorch: ${python} has no torch (set GOYA_PYTHON)`);
  return figures;
}

async function json(command, args) {
  const result = await run(command, args, { allowFailure: true });
  if (result.ok) return JSON.parse(result.stdout.trim().split('\n').at(-1));
  say(`models: ${path.basename(command)} ${args[1] ?? ''}: ${result.stderr.trim().split('\n').at(-1)}`);
  return undefined;
}

async function bundle(entry, outfile) {
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['@mapbox/node-pre-gyp'],
    alias: { '@tensorflow/tfjs': '@tensorflow/tfjs-core' },
    banner: {
      js: "import { createRequire as __r } from 'node:module'; import { fileURLToPath as __p } from 'node:url'; import { dirname as __d } from 'node:path'; const require = __r(import.meta.url); const __filename = __p(import.meta.url); const __dirname = __d(__filename);",
    },
    logLevel: 'error',
  });
}
