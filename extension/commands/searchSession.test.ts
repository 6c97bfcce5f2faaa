import { expect, it } from 'vitest';
import type { HubModel } from '../../protocol/model/hubModel';
import { StudioError } from '../../protocol/wire/errors';
import type { Clock } from '../supervisor';
import { SearchSession, typingPauseMs, type SearchPage, type SearchView } from './searchSession';

const model = (repoId: string): HubModel => ({
  repoId,
  tags: [],
  downloads: 0,
  likes: 0,
  gated: false,
  private: false,
  languages: [],
});

interface Asked {
  text: string;
  cursor: string | undefined;
  signal: AbortSignal;
  answer(page: SearchPage): Promise<void>;
  fail(error: Error): Promise<void>;
}

function setup(local?: ConstructorParameters<typeof SearchSession>[3]) {
  const asked: Asked[] = [];
  const views: SearchView[] = [];
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
  const session = new SearchSession(
    ({ text }, cursor, signal) =>
      new Promise((resolve, reject) => {
        const settle = async (): Promise<void> => {
          await Promise.resolve();
          await Promise.resolve();
        };
        asked.push({
          text,
          cursor,
          signal,
          answer: (page) => (resolve(page), settle()),
          fail: (error: Error) => (reject(error), settle()),
        });
      }),
    (view) => views.push(view),
    clock,
    local,
  );
  return { session, asked, views, advance };
}

const query = (text: string) => ({ text, persian: false });

it('waits for a pause in typing and searches once', () => {
  const { session, asked, advance } = setup();
  for (const text of ['p', 'pi', 'pip', 'pipe']) {
    session.ask(query(text));
    advance(typingPauseMs - 1);
  }
  expect(asked).toHaveLength(0);
  advance(1);
  expect(asked.map((each) => each.text)).toEqual(['pipe']);
});

it('calls the previous search back and never shows its late answer', async () => {
  const { session, asked, views, advance } = setup();
  session.ask(query('old'));
  advance(typingPauseMs);
  session.ask(query('new'));
  advance(typingPauseMs);
  expect(asked[0]!.signal.aborted).toBe(true);
  await asked[1]!.answer({ models: [model('a/new')] });
  await asked[0]!.answer({ models: [model('a/old')] });
  expect(views.at(-1)!.models.map((each) => each.repoId)).toEqual(['a/new']);
});

it('adds the next page to what is there, once', async () => {
  const { session, asked, views, advance } = setup();
  session.ask(query('x'), 0);
  advance(0);
  await asked[0]!.answer({ models: [model('a/1')], nextCursor: 'c' });
  expect(views.at(-1)).toMatchObject({ more: true, busy: false });
  session.more();
  session.more();
  expect(asked.map((each) => each.cursor)).toEqual([undefined, 'c']);
  await asked[1]!.answer({ models: [model('a/2')] });
  expect(views.at(-1)).toMatchObject({ more: false });
  expect(views.at(-1)!.models.map((each) => each.repoId)).toEqual(['a/1', 'a/2']);
});

it('shows a failure, but not that of a search that was called back', async () => {
  const { session, asked, views, advance } = setup();
  session.ask(query('x'), 0);
  advance(0);
  await asked[0]!.fail(new StudioError('hub.unreachable', 'no network'));
  expect(views.at(-1)).toMatchObject({ busy: false, error: { kind: 'hub.unreachable' } });
  session.ask(query('y'), 0);
  advance(0);
  session.stop();
  const shown = views.length;
  await asked[1]!.fail(new StudioError('hub.unreachable', 'no network'));
  expect(views).toHaveLength(shown);
});

it('answers from the machine when the hub cannot be reached, and says so', async () => {
  const { session, asked, views, advance } = setup(() => Promise.resolve({ models: [model('me/here')] }));
  session.ask(query('x'), 0);
  advance(0);
  await asked[0]!.fail(new StudioError('hub.unreachable', 'no network'));
  await new Promise((resolve) => setImmediate(resolve));
  const last = views.at(-1)!;
  expect(last).toMatchObject({ offline: true, busy: false, more: false, error: { kind: 'hub.unreachable' } });
  expect(last.models.map((each) => each.repoId)).toEqual(['me/here']);
});

it('does not hide a refusal behind what the machine knows', async () => {
  const { session, asked, views, advance } = setup(() => Promise.resolve({ models: [model('me/here')] }));
  session.ask(query('x'), 0);
  advance(0);
  await asked[0]!.fail(new StudioError('hub.rateLimited', 'too many'));
  expect(views.at(-1)).toMatchObject({ error: { kind: 'hub.rateLimited' }, models: [] });
});
