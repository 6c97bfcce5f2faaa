/** A workspace with the small tables, and what tests of runs ask of a backend on it. */
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { trainingGet, trainingMetrics } from '../../protocol/api/training';
import type { MetricPoint, Run } from '../../protocol/model/run';
import { eventually } from '../fixtures/eventually';
import { repository, type Backend } from './backend';

export class TrainingWorkspace {
  private constructor(readonly folder: string) {}

  static async create(): Promise<TrainingWorkspace> {
    const folder = await mkdtemp(path.join(tmpdir(), 'goya-runs-'));
    for (const name of ['data/iris.csv', 'data/digits.csv'])
      await cp(path.join(repository, 'samples', 'workspace', name), path.join(folder, name));
    return new TrainingWorkspace(folder);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** A run of a second or two. */
  short(output: string, more: object = {}) {
    return this.source('data/iris.csv', 'species', output, { epochs: 1 }, more);
  }

  /** Longer than any test waits, with a point for every step. */
  long(output: string, training: object = {}) {
    return this.source('data/digits.csv', 'digit', output, { epochs: 100, ...training });
  }

  source(file: string, label: string, output: string, training: object, more: object = {}) {
    return {
      basePath: this.folder,
      config: {
        task: 'tabular-classification',
        name: output,
        data: { path: file, label },
        engine: 'cpu',
        training,
        output,
        ...more,
      },
    };
  }
}

export const until = (backend: Backend, id: string, ...states: Run['state'][]): Promise<Run> =>
  eventually(
    async () => {
      const run = await backend.call(trainingGet, { id });
      return states.includes(run.state) && run;
    },
    { timeoutMs: 100_000, everyMs: 50 },
  );

export const untilStep = (backend: Backend, id: string, step: number): Promise<Run> =>
  eventually(
    async () => {
      const run = await backend.call(trainingGet, { id });
      return run.step > step && run;
    },
    { timeoutMs: 120_000, everyMs: 50 },
  );

export async function pointsOf(backend: Backend, id: string, name: string): Promise<MetricPoint[]> {
  const { points } = await backend.call(trainingMetrics, { id });
  return points.filter((point) => point.name === name);
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The backend's child that trains, from the system's list of processes. */
export async function trainerOf(parent: number): Promise<number> {
  const children = (await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8'))
    .trim()
    .split(' ')
    .map(Number);
  for (const pid of children) {
    if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('trainer.js')) return pid;
  }
  throw new Error('the backend has no trainer');
}
