/** A checkpoint that cannot be written: the error says so, nothing is half there, and the last good one stays. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFailed } from './checkpoint';
import { ThreadWriter, type CheckpointJob } from './checkpointWriter';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'goya-writer-'))));
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

/** The writer only moves the content on: what is in it is the threads' business. */
const job = (): CheckpointJob => ({
  parent: folder,
  content: { weights: new Uint8Array(4), optimizer: new Uint8Array(4) } as CheckpointJob['content'],
  best: false,
  keep: 2,
  spared: [],
});

/** A thread with another program; `answer` sees each `asked`. */
async function writer(answer: string): Promise<ThreadWriter> {
  const entry = path.join(folder, 'thread.mjs');
  await writeFile(
    entry,
    `import { parentPort } from 'node:worker_threads';\nparentPort.on('message', (asked) => { ${answer} });\n`,
  );
  return new ThreadWriter(entry);
}

describe('a thread that writes checkpoints', () => {
  it('hands over what it could not write, with where and what to do', async () => {
    const { message, details } = writeFailed(
      'checkpoint',
      folder,
      Object.assign(new Error('x'), { code: 'ENOSPC' }),
    );
    const failure = JSON.stringify({ kind: 'training.outputFailed', message, details });
    const full = await writer(`parentPort.postMessage({ id: asked.id, failure: ${failure} });`);
    await expect(full.write(job())).rejects.toMatchObject({
      kind: 'training.outputFailed',
      message: expect.stringContaining('The disk is full. Free some space, then resume the run.') as string,
      details: { path: folder, code: 'ENOSPC' },
    });
    await full.close();
  });

  it.each([
    ['ends', 'process.exit(3);'],
    ['throws', `throw new Error('out of luck');`],
  ])('fails every write that waits when it %s, and each that is asked for later', async (_, answer) => {
    const dying = await writer(answer);
    const refused = {
      kind: 'training.outputFailed',
      message: expect.stringContaining('Resume the run from its last checkpoint.') as string,
    };
    const [first, second] = [dying.write(job()), dying.write(job())];
    await Promise.all([
      expect(first).rejects.toMatchObject(refused),
      expect(second).rejects.toMatchObject(refused),
    ]);
    // The thread is gone: nobody would ever answer.
    await expect(dying.write(job())).rejects.toMatchObject(refused);
    await dying.close();
  });
});
