/** Which runs there are and which are looked at; every change is a pure function of the state before. */
import * as z from 'zod';
import { removedItem } from '../../protocol/api/topics';
import { run, type Run, type RunState } from '../../protocol/model/run';

export const xAxes = ['step', 'epoch', 'time'] as const;
export type XAxis = (typeof xAxes)[number];

/** What VS Code keeps for the page over a reload. */
export const savedView = z.object({
  chosen: z.array(z.string()),
  primary: z.string().optional(),
  smoothing: z.number().min(0).max(0.99),
  logScale: z.boolean(),
  xAxis: z.enum(xAxes),
});
export type SavedView = z.infer<typeof savedView>;
export const defaultView: SavedView = { chosen: [], smoothing: 0, logScale: false, xAxis: 'step' };

export interface RunsState {
  readonly runs: ReadonlyMap<string, Run>;
  /** Ids of the runs in the charts, in the order they were ticked: the order gives the colours. */
  readonly chosen: readonly string[];
  /** The run whose header, checkpoints and report are shown. */
  readonly primary: string | undefined;
  /** False until the first snapshot: an empty list is not yet "no runs". */
  readonly loaded: boolean;
}

export const noRuns: RunsState = { runs: new Map(), chosen: [], primary: undefined, loaded: false };

/** The snapshot replaces everything: runs that are not in it are gone. Newer copies that overtook it stay. */
export function applySnapshot(state: RunsState, items: readonly unknown[]): RunsState {
  const runs = new Map<string, Run>();
  for (const item of items) {
    const fresh = run.parse(item);
    const known = state.runs.get(fresh.id);
    runs.set(fresh.id, known !== undefined && known.seq > fresh.seq ? known : fresh);
  }
  return settle({ ...state, runs, loaded: true }, state, (id) => !runs.has(id));
}

/** One change of the topic; what is not newer than what is known changes nothing. */
export function applyChange(state: RunsState, value: unknown): RunsState {
  const gone = removedItem.safeParse(value);
  if (gone.success) {
    if (!state.runs.has(gone.data.id)) return state;
    const runs = new Map(state.runs);
    runs.delete(gone.data.id);
    return settle({ ...state, runs }, state, (id) => id === gone.data.id);
  }
  const fresh = run.parse(value);
  const known = state.runs.get(fresh.id);
  if (known !== undefined && known.seq >= fresh.seq) return state;
  return settle({ ...state, runs: new Map(state.runs).set(fresh.id, fresh) }, state);
}

/** Runs named by the panel, or restored. One that was only just started may not be known yet. */
export function choose(state: RunsState, ids: readonly string[], primary = ids.at(-1)): RunsState {
  return settle({ ...state, chosen: [...new Set(ids)], primary }, state);
}

export function toggle(state: RunsState, id: string, ticked: boolean): RunsState {
  const others = state.chosen.filter((each) => each !== id);
  if (ticked) return { ...state, chosen: [...others, id], primary: state.primary ?? id };
  // The run in the header stays in the charts: unticking it hands the header to another.
  return { ...state, chosen: others, primary: state.primary === id ? others.at(-1) : state.primary };
}

/** Shows one run: alone when nothing else was being compared, else beside the others. */
export function open(state: RunsState, id: string): RunsState {
  if (state.chosen.includes(id)) return { ...state, primary: id };
  const comparing = state.chosen.length > 1;
  return { ...state, chosen: comparing ? [...state.chosen, id] : [id], primary: id };
}

/**
 * Drops chosen runs that are gone. The newest run steps in for the first one ever seen and for chosen runs that are
 * all gone, but not for runs that somebody unticked.
 */
function settle(
  state: RunsState,
  before: RunsState,
  isGone: (id: string) => boolean = () => false,
): RunsState {
  if (!state.loaded) return state;
  const chosen = state.chosen.filter((id) => !isGone(id));
  const newest = newestFirst(state.runs)[0]?.id;
  const unticked = state.chosen.length === 0 && before.loaded && before.runs.size > 0;
  const shown = chosen.length > 0 || newest === undefined || unticked ? chosen : [newest];
  const primary = state.primary !== undefined && shown.includes(state.primary) ? state.primary : shown.at(-1);
  return { ...state, chosen: shown, primary };
}

export function newestFirst(runs: ReadonlyMap<string, Run>): Run[] {
  return [...runs.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

export function isActive(state: RunState): boolean {
  return state === 'queued' || state === 'running' || state === 'stopping';
}

export function canResume(state: RunState): boolean {
  return state === 'stopped' || state === 'interrupted' || state === 'failed';
}
