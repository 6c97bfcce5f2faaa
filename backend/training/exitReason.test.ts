import { describe, expect, it } from 'vitest';
import { exitReason } from './exitReason';
import { Reporter } from './reporter';
import { pointsOf, type FromTrainer } from './trainerProtocol';

describe('exitReason', () => {
  it.each([
    [{ code: null, signal: 'SIGKILL', stderr: '' }, 'interrupted', /SIGKILL.*Resume/],
    [{ code: null, signal: 'SIGTERM', stderr: '' }, 'interrupted', /SIGTERM/],
    [
      { code: null, signal: 'SIGABRT', stderr: 'FATAL ERROR: … JavaScript heap out of memory' },
      'failed',
      /out of memory.*smaller/,
    ],
    [
      { code: 134, signal: null, stderr: 'terminate called: what(): std::bad_alloc' },
      'failed',
      /out of memory/,
    ],
    [{ code: 1, signal: null, stderr: 'Error: first\nError: last words' }, 'failed', /code 1.*last words/],
    [{ code: null, signal: null, stderr: 'spawn ENOENT' }, 'failed', /spawn ENOENT/],
  ] as const)('%j is %s', (exit, state, message) => {
    const reason = exitReason(exit);
    expect(reason.state).toBe(state);
    expect(reason.failure.message).toMatch(message);
  });
});

describe('Reporter', () => {
  it('holds steps back for a tenth of a second, loses none, and sends them before what matters', () => {
    let now = 1000;
    const sent: FromTrainer[] = [];
    const reporter = new Reporter((message) => sent.push(message), { now: () => now });
    for (let step = 1; step <= 50; step++) {
      now += 10;
      reporter.add(step, 0, { batch_loss: step, broken: NaN });
    }
    expect(sent.length).toBeGreaterThan(3);
    expect(sent.length).toBeLessThan(8);
    reporter.sendNow({ type: 'ended', state: 'stopped', step: 50, epoch: 0, early: false, metrics: {} });
    expect(sent.at(-1)?.type).toBe('ended');
    const points = sent.flatMap((message) => (message.type === 'progress' ? pointsOf(message.records) : []));
    expect(points.map((point) => point.step)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(points.every((point) => point.name === 'batch_loss')).toBe(true);
    const before = sent.length;
    reporter.flush();
    expect(sent).toHaveLength(before);
  });
});
