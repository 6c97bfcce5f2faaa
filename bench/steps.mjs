/** What a training step takes on each engine, on the reference networks; held against PyTorch where Python has it. */
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { bundle } from './lib/bundle.mjs';
import { root } from '../scripts/lib/project.mjs';
import { run, whichOf } from '../scripts/lib/run.mjs';
import { say } from '../scripts/lib/say.mjs';

/** Milliseconds of steps for each network. */
const budget = '3000';
/** Networks of sequences take minutes on WebAssembly: these are what its tasks train. */
const wasmNetworks = 'convolutions,table,keywords';
/** Milliseconds of processor time of a step on WebAssembly, on a laptop's two cores. */
const wasmBound = { convolutions: 80 };
const torchBound = 1.3;

/** @param {import('./lib/report.mjs').Report} report */
export async function steps(report) {
  // Beside the built backend, whose .wasm files it finds there.
  const folder = await mkdtemp(path.join(root, 'dist', 'backend', 'bench-steps-'));
  try {
    const program = path.join(folder, 'steps.mjs');
    await bundle(path.join(root, 'bench', 'steps', 'networks.mjs'), program);
    const native = await measure(process.execPath, [program, 'tensorflow', budget]);
    const wasm = await measure(process.execPath, [program, 'wasm', budget, wasmNetworks]);
    for (const [name, { ms, busyMs }] of Object.entries(wasm?.figures ?? {})) {
      report.note(`steps: ${name}, wasm`, ms, { unit: 'ms' });
      const most = wasmBound[name] === undefined ? {} : { most: wasmBound[name] };
      report.note(`steps: ${name}, wasm, busy`, busyMs, { unit: 'ms', ...most });
    }
    for (const [name, { ms }] of Object.entries(native?.figures ?? {}))
      report.note(`steps: ${name}, tensorflow`, ms, { unit: 'ms' });
    await againstTorch(report, native);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function againstTorch(report, native) {
  const python = process.env.GOYA_PYTHON || (await whichOf(['python3', 'python']));
  if (native === undefined) return say('steps: not held against PyTorch: there is no native engine here');
  if (!python) return say('steps: not held against PyTorch: there is no Python here (set GOYA_PYTHON)');
  const torch = await measure(python, [path.join(root, 'bench', 'steps', 'torch_steps.py'), budget]);
  if (torch === undefined)
    return say(`steps: not held against PyTorch: ${python} has no torch (set GOYA_PYTHON)`);
  for (const [name, { ms }] of Object.entries(torch.figures)) {
    report.note(`steps: ${name}, PyTorch ${torch.engine.version}`, ms, { unit: 'ms' });
    const ratio = native.figures[name].ms / ms;
    report.note(`steps: ${name}, tensorflow : PyTorch`, ratio, { unit: '×', most: torchBound });
  }
}

async function measure(command, args) {
  const result = await run(command, args, { allowFailure: true });
  if (result.ok) return JSON.parse(result.stdout.trim().split('\n').at(-1));
  say(`steps: ${path.basename(command)} ${args[1] ?? ''}: ${result.stderr.trim().split('\n').at(-1)}`);
  return undefined;
}
