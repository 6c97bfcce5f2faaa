import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineStopped } from '../sqlEngine';
import { fromSent, toSent } from './messages';
import { ThreadedEngine } from './threadedEngine';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-thread-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A thread that answers what it is told to, in place of PostgreSQL. */
async function thread(body: string): Promise<ThreadedEngine> {
  const entry = path.join(folder, 'thread.mjs');
  await writeFile(entry, `import { parentPort, workerData } from 'node:worker_threads';\n${body}`);
  return ThreadedEngine.start(entry, { folder, startParams: [] });
}

const echo = `
  parentPort.postMessage({ id: 0 });
  parentPort.on('message', ({ id, what, sql, params }) => {
    if (sql === 'die') process.exit(1);
    if (sql === 'panic') parentPort.postMessage({ id, error: { message: 'no answer', fields: {} }, stopped: 'disk full' });
    else if (sql === 'wrong') parentPort.postMessage({ id, error: { message: 'wrong', fields: { code: '42601' } } });
    else parentPort.postMessage({ id, rows: [{ what, sql, params }] });
  });`;

describe('the database in a thread of its own', () => {
  it('answers each what it asked', async () => {
    const engine = await thread(echo);
    const at = new Date(0);
    const answers = await Promise.all([engine.query('a', [1, at]), engine.query('b', [null])]);
    expect(answers.map(({ rows }) => rows)).toEqual([
      [{ what: 'query', sql: 'a', params: [1, at] }],
      [{ what: 'query', sql: 'b', params: [null] }],
    ]);
    await engine.close();
  });

  it('keeps the code of a refused statement, and goes on', async () => {
    const engine = await thread(echo);
    await expect(engine.exec('wrong')).rejects.toMatchObject({ message: 'wrong', code: '42601' });
    expect(engine.stopped).toBeUndefined();
    await engine.exec('fine');
    await engine.close();
  });

  it('asks nothing more of one that stopped', async () => {
    const engine = await thread(echo);
    await expect(engine.exec('panic')).rejects.toThrow('no answer');
    expect(engine.stopped?.message).toBe('disk full');
    await expect(engine.exec('fine')).rejects.toThrow('disk full');
    await engine.abandon();
  });

  it('says that it stopped when the thread ends in the middle of a statement', async () => {
    const engine = await thread(echo);
    await expect(engine.exec('die')).rejects.toBeInstanceOf(EngineStopped);
    expect(engine.stopped).toBeInstanceOf(EngineStopped);
  });

  it.each([
    [
      'does not start',
      `parentPort.postMessage({ id: 0, error: { message: 'x', fields: {} }, stopped: 'bad' });`,
      'bad',
    ],
    ['crashes', `throw new Error('no memory');`, 'no memory'],
  ])('says what PostgreSQL said last when it %s', async (_, body, words) => {
    const started = thread(body);
    await expect(started).rejects.toBeInstanceOf(EngineStopped);
    await expect(started).rejects.toThrow(words);
  });

  it('sends an error with what tells its case', () => {
    const error = Object.assign(new Error('taken'), { code: '23505', constraint: 'key', cause: {} });
    expect(fromSent(toSent(error))).toMatchObject({ message: 'taken', code: '23505', constraint: 'key' });
    expect(toSent('text')).toEqual({ message: 'text', fields: {} });
  });
});
