import { expect, it } from 'vitest';
import { StudioError } from '../../protocol/wire/errors';
import type { Clock } from '../supervisor';
import { Latest } from './latest';

function setup() {
  let timers: { at: number; run: () => void }[] = [];
  let time = 0;
  const clock: Clock = {
    now: () => time,
    after: (ms, run) => {
      const timer = { at: time + ms, run };
      timers.push(timer);
      return () => (timers = timers.filter((other) => other !== timer));
    },
  };
  const advance = (ms: number): void => {
    time += ms;
    const due = timers.filter((timer) => timer.at <= time);
    timers = timers.filter((timer) => timer.at > time);
    for (const timer of due) timer.run();
  };
  const asked: {
    input: string;
    signal: AbortSignal;
    resolve(output: string): void;
    reject(e: Error): void;
  }[] = [];
  const told: string[] = [];
  const latest = new Latest<string, string>({
    pauseMs: 250,
    work: (input, signal) => new Promise((resolve, reject) => asked.push({ input, signal, resolve, reject })),
    done: (input, output) => told.push(`${input} → ${output}`),
    failed: (input, error) => told.push(`${input} failed: ${(error as Error).message}`),
    clock,
  });
  return { latest, advance, asked, told };
}

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
};

it('asks once after a pause', () => {
  const { latest, advance, asked } = setup();
  latest.ask('a');
  advance(249);
  latest.ask('ab');
  advance(249);
  expect(asked).toHaveLength(0);
  advance(1);
  expect(asked.map(({ input }) => input)).toEqual(['ab']);
});

it('drops an answer that became old, and calls its question back', async () => {
  const { latest, advance, asked, told } = setup();
  latest.ask('old', 0);
  advance(0);
  latest.ask('new', 0);
  advance(0);
  expect(asked[0]!.signal.aborted).toBe(true);
  asked[1]!.resolve('fresh');
  await settle();
  asked[0]!.resolve('stale');
  await settle();
  expect(told).toEqual(['new → fresh']);
});

it('tells failures, except those of being called back', async () => {
  const { latest, advance, asked, told } = setup();
  latest.ask('a', 0);
  advance(0);
  asked[0]!.reject(new StudioError('cancelled', 'x'));
  await settle();
  latest.ask('b', 0);
  advance(0);
  asked[1]!.reject(new StudioError('internal', 'broken'));
  await settle();
  latest.ask('c', 0);
  advance(0);
  latest.stop();
  asked[2]!.reject(new Error('late'));
  await settle();
  expect(told).toEqual(['b failed: broken']);
});
