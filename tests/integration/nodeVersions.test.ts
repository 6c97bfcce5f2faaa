/** The built trainer under newer Nodes than the one that the other tests run in, on every engine of this machine. */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeEngines } from '../../backend/training/engines/describe';
import { fromTrainer, type FromTrainer, type StartMessage } from '../../backend/training/trainerProtocol';
import { findNode, otherNodes } from '../../scripts/lib/nodes.mjs';
import { repository } from './backend';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'goya-node-'))));
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

const backend = path.join(repository, 'dist', 'backend');

const start = (engine: StartMessage['engine']): StartMessage => ({
  type: 'start',
  runId: 'run',
  name: 'iris',
  config: {
    task: 'tabular-classification',
    name: 'iris',
    data: { path: 'data/iris.csv', label: 'species', validation: 0.2 },
    training: { epochs: 3, batchSize: 16, seed: 7 },
  },
  basePath: path.join(repository, 'samples', 'workspace'),
  outputPath: path.join(folder, 'model'),
  checkpointsPath: path.join(folder, 'checkpoints'),
  task: {
    id: 'tabular-classification',
    entry: path.join(backend, 'plugins', 'tabular-classification', 'index.js'),
  },
  engine,
  storagePath: folder,
  resume: false,
});

async function train(execPath: string, message: StartMessage): Promise<FromTrainer[]> {
  const messages: FromTrainer[] = [];
  const child = fork(path.join(backend, 'trainer.js'), [], { execPath, execArgv: [], silent: true });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.on('message', (raw) => messages.push(fromTrainer.parse(raw)));
  child.send(message);
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect({ code, failed: messages.filter(({ type }) => type === 'failed'), stderr }).toMatchObject({
    code: 0,
    failed: [],
  });
  return messages;
}

describe('the trainer', () => {
  for (const major of otherNodes) {
    it(`runs on Node ${major}`, async (context) => {
      const node = findNode(major);
      context.skip(
        node === undefined,
        `Node ${major} is not there: node scripts/ensure.mjs nodes fetches it`,
      );
      if (node === undefined) return;
      for (const { name, available } of await describeEngines({ storagePath: undefined })) {
        if (!available) continue;
        const messages = await train(node, start(name as StartMessage['engine']));
        const started = messages.find(({ type }) => type === 'started');
        expect(started).toMatchObject({
          engine: name,
          details: { versions: { node: expect.stringMatching(`^${major}\\.`) as string } },
        });
        expect(messages.at(-1)).toMatchObject({ type: 'ended', state: 'completed' });
        expect(existsSync(path.join(folder, 'model', 'model.json'))).toBe(true);
        await rm(path.join(folder, 'model'), { recursive: true });
        await rm(path.join(folder, 'checkpoints'), { recursive: true });
      }
    }, 120_000);
  }
});
