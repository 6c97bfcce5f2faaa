import { describe, expect, it } from 'vitest';
import { StudioError } from '../protocol/wire/errors';
import { coalesce, once } from './coalesce';
import { restartDelays, stableAfterMs, Supervisor, type Clock, type Exit, type Session } from './supervisor';

class FakeSession implements Session {
  stopped = false;
  private leave: (exit: Exit) => void = () => undefined;
  readonly exited = new Promise<Exit>((resolve) => (this.leave = resolve));

  stop(): Promise<void> {
    this.stopped = true;
    this.leave({ code: 0, signal: null });
    return Promise.resolve();
  }

  async crash(exit: Exit = { code: null, signal: 'SIGKILL' }): Promise<void> {
    this.leave(exit);
    await settle();
  }
}

class FakeClock implements Clock {
  time = 0;
  readonly waits: number[] = [];
  private timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(ms: number, callback: () => void): () => void {
    this.waits.push(ms);
    const timer = { at: this.time + ms, callback };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((other) => other !== timer));
  }

  async advance(ms: number): Promise<void> {
    this.time += ms;
    const due = this.timers.filter((timer) => timer.at <= this.time);
    this.timers = this.timers.filter((timer) => timer.at > this.time);
    for (const timer of due) timer.callback();
    await settle();
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

function setup(launch?: () => Promise<FakeSession>) {
  const sessions: FakeSession[] = [];
  const clock = new FakeClock();
  const supervisor = new Supervisor<FakeSession>(
    launch ??
      (() => {
        const session = new FakeSession();
        sessions.push(session);
        return Promise.resolve(session);
      }),
    clock,
  );
  const kinds: string[] = [];
  supervisor.onState((state) => kinds.push(state.kind));
  return { sessions, clock, supervisor, kinds };
}

describe('Supervisor', () => {
  it('starts nothing until asked, and then one for all who ask', async () => {
    const { sessions, supervisor } = setup();
    expect(sessions).toHaveLength(0);
    const [a, b] = await Promise.all([supervisor.ready(), supervisor.ready()]);
    expect(a).toBe(b);
    expect(sessions).toHaveLength(1);
  });

  it('starts again after a crash, after growing pauses, and gives up after the last', async () => {
    const { sessions, clock, supervisor } = setup();
    await supervisor.ready();
    for (const delay of restartDelays) {
      await sessions.at(-1)!.crash();
      expect(supervisor.state.kind).toBe('waiting');
      await clock.advance(delay);
      expect(supervisor.state.kind).toBe('running');
    }
    await sessions.at(-1)!.crash();
    expect(supervisor.state.kind).toBe('failed');
    expect(clock.waits).toEqual(restartDelays);
    await expect(supervisor.ready()).rejects.toThrow('SIGKILL');
  });

  it('forgets old crashes once a backend stayed up', async () => {
    const { sessions, clock, supervisor } = setup();
    await supervisor.ready();
    await sessions.at(-1)!.crash();
    await clock.advance(restartDelays[0]!);
    await clock.advance(stableAfterMs);
    await sessions.at(-1)!.crash();
    expect(clock.waits).toEqual([restartDelays[0], restartDelays[0]]);
  });

  it('gives those who wait the session that comes after the crash', async () => {
    const { sessions, clock, supervisor } = setup();
    await supervisor.ready();
    await sessions[0]!.crash();
    const waiting = supervisor.ready();
    await clock.advance(restartDelays[0]!);
    expect(await waiting).toBe(sessions[1]);
  });

  it('fails at once when the start can never work, and tries again when it is asked to restart', async () => {
    let fail = true;
    const { supervisor, clock } = setup(() =>
      fail
        ? Promise.reject(new StudioError('settings.invalid', 'There is no Node at /nowhere.'))
        : Promise.resolve(new FakeSession()),
    );
    await expect(supervisor.ready()).rejects.toThrow('/nowhere');
    expect(supervisor.state.kind).toBe('failed');
    expect(clock.waits).toEqual([]);
    fail = false;
    await supervisor.restart();
    expect(supervisor.state.kind).toBe('running');
  });

  it('tries again when a start failed for a passing reason', async () => {
    let attempts = 0;
    const { supervisor, clock } = setup(() =>
      ++attempts === 1
        ? Promise.reject(new StudioError('internal', 'too slow', { retryable: true }))
        : Promise.resolve(new FakeSession()),
    );
    const ready = supervisor.ready();
    await settle();
    expect(supervisor.state.kind).toBe('waiting');
    await clock.advance(restartDelays[0]!);
    await ready;
    expect(attempts).toBe(2);
  });

  it('restarts without counting it as a crash', async () => {
    const { sessions, supervisor, clock, kinds } = setup();
    await supervisor.ready();
    await supervisor.restart();
    await settle();
    expect(sessions.map((session) => session.stopped)).toEqual([true, false]);
    expect(clock.waits).toEqual([]);
    expect(kinds).toEqual(['starting', 'running', 'stopped', 'starting', 'running']);
  });

  it('turns any number of restart requests into one running and one queued', async () => {
    const { sessions, supervisor } = setup();
    await supervisor.ready();
    await Promise.all([1, 2, 3, 4, 5].map(() => supervisor.restart()));
    expect(sessions).toHaveLength(3);
  });

  it('does not come back after close', async () => {
    const { sessions, supervisor, clock } = setup();
    await supervisor.ready();
    await supervisor.close();
    await clock.advance(60_000);
    expect(sessions).toHaveLength(1);
    expect(sessions[0]!.stopped).toBe(true);
    await expect(supervisor.ready()).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('stops a backend that was still starting when the window closed', async () => {
    let finish: (session: FakeSession) => void = () => undefined;
    const { supervisor } = setup(() => new Promise((resolve) => (finish = resolve)));
    const ready = supervisor.ready().catch((error: unknown) => error);
    const closing = supervisor.close();
    const session = new FakeSession();
    finish(session);
    await closing;
    expect(session.stopped).toBe(true);
    await ready;
    expect(supervisor.state.kind).toBe('stopped');
  });
});

describe('coalesce', () => {
  it('runs the queued one also when the running one failed', async () => {
    let calls = 0;
    const work = coalesce(() => (++calls === 1 ? Promise.reject(new Error('first')) : Promise.resolve()));
    const first = work();
    const second = work();
    await expect(first).rejects.toThrow('first');
    await second;
    expect(calls).toBe(2);
  });
});

describe('once', () => {
  it('keeps a value but not a failure', async () => {
    let calls = 0;
    const value = once(() => (++calls === 1 ? Promise.reject(new Error('no')) : Promise.resolve(calls)));
    await expect(value()).rejects.toThrow('no');
    expect(await value()).toBe(2);
    expect(await value()).toBe(2);
  });
});
