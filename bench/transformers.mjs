/** BERT, Wav2Vec2 and Whisper at their published sizes with random weights, held against PyTorch where Python has it. */
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../scripts/lib/project.mjs';
import { run, whichOf } from '../scripts/lib/run.mjs';
import { say } from '../scripts/lib/say.mjs';
import { bundle } from './lib/bundle.mjs';
import { option } from './lib/options.mjs';

const runs = '3';
/** How the names of the cases to measure begin, all by default. */
const only = option('--only') ?? '';
/** Times of ours to PyTorch's, at most. */
const bounds = {
  'BERT base, 128 tokens': 1.3,
  'Wav2Vec2 base, 10 s': 1.3,
  'Whisper tiny, encoder': 1.3,
  'Whisper tiny, token': 1,
  'GPT-2 117M, token': 1,
};

/** @param {import('./lib/report.mjs').Report} report */
export async function transformers(report) {
  const own = await measured('transformers', [runs, only]);
  if (own === undefined) return;
  for (const [name, ms] of Object.entries(own.figures)) {
    report.note(`${name}, ${own.engine.name} ${own.engine.version}`, ms, { unit: 'ms' });
  }
  report.note(`${only === '' ? 'all of them' : only}, peak memory, ${own.engine.name}`, own.peakMB, {
    unit: 'MB',
  });
  await noteLoading(report);
  const torch = await torchFigures();
  if (torch === undefined) return;
  for (const [name, most] of Object.entries(bounds)) {
    if (!name.startsWith(only)) continue;
    report.note(`${name}, PyTorch ${torch.engine.version}`, torch.figures[name], { unit: 'ms' });
    const ratio = own.figures[name] / torch.figures[name];
    report.note(`${name}, ${own.engine.name} : PyTorch`, ratio, { unit: '×', most });
  }
}

async function noteLoading(report) {
  const found = await measured('loading', ['5', only]);
  for (const [name, { reading, loading }] of Object.entries(found?.figures ?? {})) {
    report.note(`${name}, reading the file alone`, reading, { unit: 'ms' });
    report.note(`${name}, loading, ${found.engine.name}`, loading, { unit: 'ms' });
    report.note(`${name}, loading : reading`, loading / reading, { unit: '×', most: 2 });
  }
}

/** On the native engine, from a process of its own, beside the built backend. */
async function measured(name, args) {
  const folder = await mkdtemp(path.join(root, 'dist', 'backend', 'bench-transformers-'));
  try {
    const program = path.join(folder, `${name}.mjs`);
    await bundle(path.join(root, 'bench', 'models', `${name}.mjs`), program);
    return await json(process.execPath, [program, 'tensorflow', ...args]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function torchFigures() {
  const python = process.env.GOYA_PYTHON || (await whichOf(['python3', 'python']));
  if (!python) {
    say('transformers: not held against PyTorch: there is no Python here (set GOYA_PYTHON)');
    return undefined;
  }
  const figures = await json(python, [
    path.join(root, 'bench', 'models', 'torch_transformers.py'),
    runs,
    only,
  ]);
  if (figures === undefined)
    say(`transformers: not held against PyTorch: ${python} has no torch (set GOYA_PYTHON)`);
  return figures;
}

async function json(command, args) {
  const result = await run(command, args, { allowFailure: true });
  if (result.ok) return JSON.parse(result.stdout.trim().split('\n').at(-1));
  say(`transformers: ${path.basename(command)}: ${result.stderr.trim().split('\n').at(-1)}`);
  return undefined;
}
