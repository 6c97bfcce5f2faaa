/**
 * What metrics, events, samples and checkpoints add to the steps of a small run, in time and in processor time, and whether
 * memory stays flat over 10 000 steps. The shipped digits: 45 steps an epoch, a checkpoint after each.
 */
import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { bundle } from './lib/bundle.mjs';
import { Failure } from '../scripts/lib/failure.mjs';
import { root } from '../scripts/lib/project.mjs';
import { say } from '../scripts/lib/say.mjs';

const epochs = '60';
const rounds = '9';
const mostPercent = 3;
/** Bytes that a run's process may grow by after its first 2 000 steps: the garbage that waits for its collector. */
const mostGrown = 30;

/** @param {import('./lib/report.mjs').Report} report */
export async function overhead(report) {
  // Beside the built backend, whose .wasm files it finds there.
  const folder = await mkdtemp(path.join(root, 'dist', 'backend', 'bench-overhead-'));
  try {
    const program = path.join(folder, 'overhead.mjs');
    await bundle(path.join(root, 'bench', 'steps', 'overhead.mjs'), program);
    for (const engine of ['tensorflow', 'wasm']) {
      const measured = await measure(program, engine);
      if (measured !== undefined) note(report, engine, measured);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The middle of what pairs of neighbours differ by: what else goes on in the machine comes and goes. */
function note(report, engine, { bare, whole, readings }) {
  const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
  const added = (key) => 100 * (middle(whole.map((run, i) => run[key] / bare[i][key])) - 1);
  report.note(`overhead: ${engine}, added time`, added('ms'), { unit: '%', most: mostPercent });
  report.note(`overhead: ${engine}, added processor time`, added('cpuMs'), { unit: '%' });
  report.note(`overhead: ${engine}, of the trainer’s time`, 100 * middle(whole.map((run) => run.overhead)), {
    unit: '%',
    most: mostPercent,
  });
  const settled = readings.filter(({ step }) => step >= 2000);
  const spread = (key) =>
    Math.max(...settled.map((one) => one[key])) - Math.min(...settled.map((one) => one[key]));
  report.note(`memory: ${engine}, tensors gained in 10 000 steps`, spread('tensors'), { unit: '', most: 0 });
  const grown = (settled.at(-1).rss - settled[0].rss) / 1e6;
  report.note(`memory: ${engine}, resident grown from step 2 000 to 10 000`, grown, {
    unit: 'MB',
    most: mostGrown,
  });
}

/** Undefined, with the reason printed, where the engine is not there. */
async function measure(program, engine) {
  const workspace = path.join(root, 'samples', 'workspace');
  const args = [engine, epochs, rounds, workspace, path.join(root, 'dist', 'backend', 'checkpointWriter.js')];
  // What a run tells goes to another process, as it does to a backend.
  const child = fork(program, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const [output, errors] = [[], []];
  child.stdout.on('data', (part) => output.push(part));
  child.stderr.on('data', (part) => errors.push(part));
  child.on('message', () => undefined);
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code === 0) return JSON.parse(Buffer.concat(output).toString().trim().split('\n').at(-1));
  const reason = Buffer.concat(errors).toString().trim();
  if (!/engine.unavailable|No engine could be started/.test(reason)) throw new Failure(reason.slice(-2000));
  say(`overhead: not measured on ${engine}: it is not there`);
  return undefined;
}
