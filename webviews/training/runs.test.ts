import { describe, expect, it } from 'vitest';
import type { Run } from '../../protocol/model/run';
import { addSample, secondsLeft, type ProgressSample } from './eta';
import { reportOf } from './report';
import {
  applyChange,
  applySnapshot,
  choose,
  newestFirst,
  noRuns,
  open,
  toggle,
  type RunsState,
} from './runs';

const ids = ['a', 'b', 'c'].map((letter) => `00000000-0000-4000-8000-00000000000${letter}`);
const [a = '', b = '', c = ''] = ids;

function run(id: string, part: Partial<Run> = {}): Run {
  return {
    id,
    name: id.slice(-1),
    task: 'tabular-classification',
    state: 'running',
    progress: 0.5,
    epoch: 1,
    epochs: 2,
    step: 10,
    metrics: {},
    config: {},
    createdAt: `2026-01-0${ids.indexOf(id) + 1}T00:00:00Z`,
    seq: 1,
    ...part,
  };
}
const loaded = (...runs: Run[]): RunsState => applySnapshot(noRuns, runs);

describe('the runs', () => {
  it('come from the snapshot, the newest one chosen', () => {
    const state = loaded(run(a), run(b));
    expect(newestFirst(state.runs).map(({ id }) => id)).toEqual([b, a]);
    expect(state).toMatchObject({ chosen: [b], primary: b, loaded: true });
  });

  it('drop what is not newer, and keep what overtook the snapshot', () => {
    const state = loaded(run(a, { seq: 5 }));
    expect(applyChange(state, run(a, { seq: 5, step: 99 }))).toBe(state);
    const newer = applyChange(state, run(a, { seq: 6, step: 11 }));
    expect(newer.runs.get(a)?.step).toBe(11);
    expect(applySnapshot(newer, [run(a, { seq: 5 })]).runs.get(a)?.step).toBe(11);
  });

  it('refuse what is no run', () => {
    expect(() => applyChange(loaded(), { id: 'x' })).toThrow();
  });

  it('forget what was removed, and choose the newest in its place', () => {
    const state = choose(loaded(run(a), run(b)), [a]);
    expect(applyChange(state, { id: a, removed: true })).toMatchObject({ chosen: [b], primary: b });
    expect(applyChange(state, { id: c, removed: true })).toBe(state);
    expect(applySnapshot(state, []).chosen).toEqual([]);
  });

  it('keep a run that is asked for before it is known', () => {
    const state = choose(loaded(run(a)), [c]);
    expect(applyChange(state, run(a, { seq: 2 }))).toMatchObject({ chosen: [c], primary: c });
    expect(applyChange(state, run(c)).runs.get(state.primary ?? '')?.id).toBe(c);
  });

  it('stay unticked when somebody unticked all of them', () => {
    const none = toggle(loaded(run(a)), a, false);
    expect(none).toMatchObject({ chosen: [], primary: undefined });
    expect(applyChange(none, run(a, { seq: 2 })).chosen).toEqual([]);
  });

  it('show the first run that is ever started', () => {
    expect(applyChange(loaded(), run(a)).chosen).toEqual([a]);
  });

  it('compare what is ticked, and hand the header on', () => {
    const both = toggle(loaded(run(a), run(b)), a, true);
    expect(both).toMatchObject({ chosen: [b, a], primary: b });
    expect(toggle(both, b, false)).toMatchObject({ chosen: [a], primary: a });
    expect(open(both, c).chosen).toEqual([b, a, c]);
    expect(open(loaded(run(a), run(b)), a)).toMatchObject({ chosen: [a], primary: a });
  });
});

describe('the time left', () => {
  it('follows the last minute, not the whole run', () => {
    let samples: ProgressSample[] = [];
    for (let s = 0; s <= 200; s++)
      samples = addSample(samples, { at: s * 1000, progress: s < 100 ? s / 1000 : 0.1 + (s - 100) / 500 });
    // The last minute runs at 1/500 a second: 0.7 are left.
    expect(secondsLeft(samples, 200_000)).toBeCloseTo(350, 0);
    expect(secondsLeft(samples, 210_000)).toBeCloseTo(340, 0);
  });

  it('is unknown at first, without progress, and after going back', () => {
    expect(secondsLeft([], 0)).toBeUndefined();
    expect(
      secondsLeft(
        [
          { at: 0, progress: 0 },
          { at: 500, progress: 0.1 },
        ],
        500,
      ),
    ).toBeUndefined();
    expect(
      secondsLeft(
        [
          { at: 0, progress: 0.2 },
          { at: 5000, progress: 0.2 },
        ],
        5000,
      ),
    ).toBeUndefined();
    expect(addSample([{ at: 0, progress: 0.9 }], { at: 1, progress: 0.5 })).toEqual([
      { at: 1, progress: 0.5 },
    ]);
  });
});

describe('the report', () => {
  it('counts precision, recall and F1 as scikit-learn does', () => {
    // y_true = [0, 0, 0, 1, 1, 2], y_pred = [0, 0, 1, 1, 1, 0]
    const report = reportOf(
      ['x', 'y', 'z'],
      [
        [2, 1, 0],
        [0, 2, 0],
        [1, 0, 0],
      ],
    );
    expect(report?.accuracy).toBeCloseTo(4 / 6);
    expect(report?.perLabel.map(({ precision, recall, support }) => [precision, recall, support])).toEqual([
      [2 / 3, 2 / 3, 3],
      [2 / 3, 1, 2],
      [0, 0, 1],
    ]);
    expect(report?.perLabel[1]?.f1).toBeCloseTo(0.8);
    expect(report?.perLabel[2]?.f1).toBe(0);
  });

  it('is not there without counts that fit', () => {
    expect(reportOf(['x'], undefined)).toBeUndefined();
    expect(reportOf(['x', 'y'], [[1, 0]])).toBeUndefined();
    expect(reportOf(['x'], [[0]])).toBeUndefined();
  });
});
