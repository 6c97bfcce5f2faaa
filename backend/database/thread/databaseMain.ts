/** The database's own thread: its statements, and its waits for the disk, hold up nobody else. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Engine } from '../engine';
import { startEngine } from '../startEngine';
import { toSent, type Answer, type Ask, type ThreadData } from './messages';

const { folder, startParams } = workerData as ThreadData;
const tell = (answer: Answer): void => parentPort?.postMessage(answer);

try {
  const engine = await startEngine(folder, startParams);
  parentPort?.on('message', (ask: Ask) => void answer(engine, ask));
  tell({ id: 0 });
} catch (error) {
  const stopped = error instanceof Error && error.name === 'EngineStopped' ? error.message : undefined;
  tell({ id: 0, error: toSent(error), stopped });
}

async function answer(engine: Engine, ask: Ask): Promise<void> {
  const { id } = ask;
  try {
    tell({ id, rows: await act(engine, ask) });
  } catch (error) {
    tell({ id, error: toSent(error), stopped: engine.stopped?.message });
  }
}

async function act(engine: Engine, ask: Ask): Promise<readonly unknown[]> {
  switch (ask.what) {
    case 'query':
      return (await engine.query(ask.sql, [...ask.params])).rows;
    case 'exec':
      await engine.exec(ask.sql);
      return [];
    case 'close':
      await engine.close();
      return [];
  }
}
