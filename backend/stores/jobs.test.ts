import { expect, it } from 'vitest';
import { describeDatabase, silent } from '../../tests/fixtures/databases';
import { JobsStore } from './jobs';
import { RunsStore } from './runs';

const input = { name: 'r', task: 't', epochs: 1, config: {} };

describeDatabase('JobsStore', (test) => {
  const stores = () => ({ runs: new RunsStore(test().db), jobs: new JobsStore(test().db, silent) });

  async function taken({ runs, jobs }: ReturnType<typeof stores>): Promise<string[]> {
    const names: string[] = [];
    for (;;) {
      const run = await jobs.take((tx, id) => runs.begin(id, tx));
      if (run === undefined) return names;
      expect(run).toMatchObject({ state: 'running', startedAt: expect.any(String) as string });
      names.push(run.name);
    }
  }

  it('hands out the higher priority first, and equals in their order', async () => {
    const { runs, jobs } = stores();
    const add = (name: string, priority = 0) =>
      jobs.enqueue((tx) => runs.create({ ...input, name, priority }, tx));
    await add('a');
    await add('high', 3);
    const raised = await add('raised');
    await add('b');
    await jobs.prioritize(raised.id, 2, (tx) => runs.patch(raised.id, { priority: 2 }, ['queued'], tx));
    expect(await taken({ runs, jobs })).toEqual(['high', 'raised', 'a', 'b']);
    expect(await taken({ runs, jobs })).toEqual([]);
  });

  it('makes no run without its job, and no job without its run', async () => {
    const { runs, jobs } = stores();
    const failing = jobs.enqueue(async (tx) => {
      await runs.create(input, tx);
      throw new Error('enough');
    });
    await expect(failing).rejects.toThrow('enough');
    expect(await runs.list()).toEqual([]);
    const { id } = await jobs.enqueue((tx) => runs.create(input, tx));
    const refused = jobs.take(() => Promise.reject(new Error('not now')));
    await expect(refused).rejects.toThrow('not now');
    // Nothing was taken: it still waits.
    expect((await jobs.take((tx, each) => runs.begin(each, tx)))?.id).toBe(id);
  });

  it('passes over a run that no longer waits', async () => {
    const { runs, jobs } = stores();
    const gone = await jobs.enqueue((tx) => runs.create({ ...input, name: 'gone' }, tx));
    await jobs.enqueue((tx) => runs.create({ ...input, name: 'next' }, tx));
    await runs.patch(gone.id, { state: 'stopped' });
    expect(await taken({ runs, jobs })).toEqual(['next']);
  });

  it('gives a job to what has none, leaves the others their turn, and takes a run up again', async () => {
    const { runs, jobs } = stores();
    const first = await jobs.enqueue((tx) => runs.create({ ...input, name: 'first' }, tx));
    await runs.create({ ...input, name: 'older version' });
    await jobs.ensure(await runs.claimQueued());
    expect(await taken({ runs, jobs })).toEqual(['first', 'older version']);
    await jobs.enqueue((tx) => runs.patch(first.id, { state: 'queued' }, ['running'], tx));
    expect(await taken({ runs, jobs })).toEqual(['first']);
    for (const run of await runs.list()) await runs.patch(run.id, { state: 'completed' });
    await jobs.sweep();
    const [left] = await test().db.query('SELECT count(*) AS jobs FROM goya_queue.job');
    expect(left?.['jobs']).toBe(0);
  });

  it('hands each job to one of many who ask', async () => {
    const { runs, jobs } = stores();
    for (let i = 0; i < 5; i += 1) await jobs.enqueue((tx) => runs.create(input, tx));
    const asked = Array.from({ length: 8 }, () => jobs.take((tx, id) => runs.begin(id, tx)));
    const ids = (await Promise.all(asked)).flatMap((run) => (run === undefined ? [] : [run.id]));
    expect(new Set(ids).size).toBe(ids.length);
    const rest = await taken({ runs, jobs });
    expect(ids.length + rest.length).toBe(5);
  });
});
