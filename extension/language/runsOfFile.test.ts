import { expect, it } from 'vitest';
import type { Run } from '../../protocol/model/run';
import { lastRun, resumableRun } from './runsOfFile';

const run = (id: string, state: Run['state'], configPath = '/a.train.json'): Run =>
  ({ id, state, configPath, createdAt: `2026-01-0${id}T00:00:00.000Z` }) as Run;

it('takes the run that is on, else the newest', () => {
  expect(lastRun([run('1', 'running'), run('2', 'completed')], '/a.train.json')?.id).toBe('1');
  expect(lastRun([run('1', 'failed'), run('2', 'completed')], '/a.train.json')?.id).toBe('2');
  expect(lastRun([run('1', 'running', '/b.train.json')], '/a.train.json')).toBeUndefined();
});

it('resumes the newest that was cut short, whatever came after, unless one is on', () => {
  const runs = [run('1', 'interrupted'), run('2', 'stopped'), run('3', 'completed')];
  expect(resumableRun(runs, '/a.train.json')?.id).toBe('2');
  expect(resumableRun([...runs, run('4', 'queued')], '/a.train.json')).toBeUndefined();
  expect(resumableRun([run('3', 'failed')], '/a.train.json')).toBeUndefined();
});
