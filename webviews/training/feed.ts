/**
 * Brings what the dashboard shows from the backend: the runs by their topic, each chosen run's points and checkpoints
 * by asking again whenever the run changed. Nothing depends on a message that a hidden page may have missed.
 */
import { panelSubscribe, panelTopic, panelUnsubscribe } from '../../protocol/api/panel';
import { trainingCheckpoints, trainingMetrics } from '../../protocol/api/training';
import type { Checkpoint, Run } from '../../protocol/model/run';
import type { PostMessagePeer } from '../../protocol/wire/postMessage';
import { MetricSeries } from './metricSeries';

export interface FeedEvents {
  snapshot(items: readonly unknown[]): void;
  change(value: unknown): void;
  /** Points or checkpoints of a run arrived. */
  data(runId: string): void;
  failed(error: unknown): void;
}

interface Followed {
  /** `seq` of the run that was last asked for, so that an unchanged run is not asked for again. */
  asked: number;
  wanted: number;
  /** Steps the run had taken. */
  step: number;
  busy: boolean;
}

const leastBetweenMs = 400;
/** Twice what a trainer sends of a metric: thinned are only histories from elsewhere, and those without losing a peak. */
const mostPoints = 10_000;

export class Feed {
  readonly metrics = new Map<string, MetricSeries>();
  readonly checkpoints = new Map<string, readonly Checkpoint[]>();
  private readonly followed = new Map<string, Followed>();
  private token: string | undefined;
  private generation = 0;

  constructor(
    private readonly peer: PostMessagePeer,
    private readonly events: FeedEvents,
    private readonly wait: (ms: number) => Promise<void> = (ms) =>
      new Promise((resolve) => setTimeout(resolve, ms)),
  ) {
    peer.onNotification(panelTopic, ({ token, value }) => {
      if (token === this.token) events.change(value);
    });
  }

  /** Also after the page was hidden or the backend came back: the new snapshot replaces what was missed. */
  async subscribe(): Promise<void> {
    const old = this.token;
    const token = `runs-${++this.generation}`;
    this.token = token;
    // Asked for again even when their `seq` did not move: the answer before may have been lost.
    for (const each of this.followed.values()) each.asked = -1;
    try {
      if (old !== undefined) await this.peer.call(panelUnsubscribe, { token: old });
      const { items } = await this.peer.call(panelSubscribe, { topic: 'runs', token });
      if (this.token === token) this.events.snapshot(items);
    } catch (error) {
      this.events.failed(error);
    }
  }

  /** Keeps the points of these runs up to date; those of others are forgotten. */
  follow(runs: readonly Run[]): void {
    const ids = new Set(runs.map((run) => run.id));
    for (const id of this.followed.keys()) {
      if (ids.has(id)) continue;
      this.followed.delete(id);
      this.metrics.delete(id);
      this.checkpoints.delete(id);
    }
    for (const run of runs) {
      const entry = this.followed.get(run.id) ?? { asked: -1, wanted: -1, step: 0, busy: false };
      this.followed.set(run.id, entry);
      // Resumed from an earlier checkpoint: what lay beyond it is no longer part of the curve.
      if (run.step < entry.step) this.metrics.delete(run.id);
      entry.step = run.step;
      entry.wanted = run.seq;
      if (!entry.busy && entry.asked < entry.wanted) void this.fetch(run.id, entry);
    }
  }

  /** One question at a time for each run; changes meanwhile lead to one more. */
  private async fetch(id: string, entry: Followed): Promise<void> {
    entry.busy = true;
    try {
      while (this.followed.get(id) === entry && entry.asked < entry.wanted) {
        entry.asked = entry.wanted;
        await this.fetchOnce(id, entry);
        await this.wait(leastBetweenMs);
      }
    } catch (error) {
      entry.asked = -1;
      this.events.failed(error);
    } finally {
      entry.busy = false;
    }
  }

  private async fetchOnce(id: string, entry: Followed): Promise<void> {
    const series = this.metrics.get(id) ?? new MetricSeries();
    const since = series.since();
    const [{ points }, { checkpoints }] = await Promise.all([
      this.peer.call(trainingMetrics, {
        id,
        maxPoints: mostPoints,
        ...(since === undefined ? {} : { since }),
      }),
      this.peer.call(trainingCheckpoints, { id }),
    ]);
    if (this.followed.get(id) !== entry) return;
    this.metrics.set(id, series);
    this.checkpoints.set(id, checkpoints);
    series.add(points);
    this.events.data(id);
  }
}
