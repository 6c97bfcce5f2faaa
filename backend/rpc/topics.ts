/**
 * Subscriptions: the snapshot as the answer, then every change of an item as one whole object, at most ten a second for
 * each object, the last state always.
 */
import { StudioError } from '../../protocol/wire/errors';
import type { ProgressToken, TopicName } from '../../protocol/api/topics';
import type { EntityEvents, TypedEmitter } from '../events';

interface Entity {
  readonly id: string;
  readonly seq: number;
}

export interface TopicSource<T extends Entity = Entity> {
  readonly events: Pick<TypedEmitter<EntityEvents<T>>, 'on'>;
  /** What a subscription with an id is about, where that is not the item itself. */
  groupOf?(item: T): string;
  /** Told of a subscription with an id; the answered function is called when it ends. */
  watch?(id: string): () => void;
  /** All items; may leave out those that an id, when given, is not about. */
  list(id?: string): Promise<readonly T[]>;
}

export type TopicSources = { readonly [name in TopicName]: TopicSource };

interface Subscription {
  readonly topic: TopicName;
  readonly id: string | undefined;
  /** False until the snapshot has been answered: what happens before waits in `pending`. */
  live: boolean;
  readonly pending: Map<string, unknown>;
  readonly lastSent: Map<string, number>;
  timer: NodeJS.Timeout | undefined;
  readonly unwatch: (() => void) | undefined;
}

/** Milliseconds between two messages about the same object. */
const minimumInterval = 100;

export class Topics {
  private readonly subscriptions = new Map<ProgressToken, Subscription>();
  private readonly stops: (() => void)[];

  constructor(
    private readonly sources: TopicSources,
    private readonly send: (token: ProgressToken, value: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {
    this.stops = (Object.keys(sources) as TopicName[]).flatMap((topic) => [
      sources[topic].events.on('changed', (entity) =>
        this.publish(topic, entity.id, entity, sources[topic].groupOf?.(entity)),
      ),
      sources[topic].events.on('removed', (id) => this.publish(topic, id, { id, removed: true })),
    ]);
  }

  async subscribe(
    topic: TopicName,
    id: string | undefined,
    token: ProgressToken,
  ): Promise<readonly unknown[]> {
    this.unsubscribe(token);
    const subscription: Subscription = {
      topic,
      id,
      live: false,
      pending: new Map(),
      lastSent: new Map(),
      timer: undefined,
      unwatch: id === undefined ? undefined : this.sources[topic].watch?.(id),
    };
    // Listening starts before the snapshot is read, so that no change falls between the two.
    this.subscriptions.set(token, subscription);
    try {
      const source = this.sources[topic];
      const all = await source.list(id);
      const items = id === undefined ? all : all.filter((item) => (source.groupOf?.(item) ?? item.id) === id);
      // The answer is written in this turn's microtasks; changes follow it.
      setImmediate(() => {
        subscription.live = true;
        this.flush(token, subscription);
      });
      return items;
    } catch (error) {
      this.unsubscribe(token);
      throw error;
    }
  }

  unsubscribe(token: ProgressToken): void {
    const subscription = this.subscriptions.get(token);
    if (subscription === undefined) return;
    clearTimeout(subscription.timer);
    subscription.unwatch?.();
    this.subscriptions.delete(token);
  }

  /** Refuses a token that is not in use, so that a client notices its slip. */
  unsubscribeKnown(token: ProgressToken): void {
    if (!this.subscriptions.has(token)) {
      throw new StudioError('internal', `There is no subscription with the token ${JSON.stringify(token)}.`);
    }
    this.unsubscribe(token);
  }

  close(): void {
    for (const stop of this.stops) stop();
    for (const token of [...this.subscriptions.keys()]) this.unsubscribe(token);
  }

  private publish(topic: TopicName, id: string, value: unknown, group = id): void {
    for (const [token, subscription] of this.subscriptions) {
      if (subscription.topic !== topic) continue;
      if (subscription.id !== undefined && subscription.id !== group) continue;
      subscription.pending.set(id, value);
      if (subscription.live) this.flush(token, subscription);
    }
  }

  private flush(token: ProgressToken, subscription: Subscription): void {
    if (this.subscriptions.get(token) !== subscription) return;
    const now = this.now();
    let wait = Number.POSITIVE_INFINITY;
    for (const [id, value] of subscription.pending) {
      const due = (subscription.lastSent.get(id) ?? Number.NEGATIVE_INFINITY) + minimumInterval - now;
      if (due > 0) {
        wait = Math.min(wait, due);
        continue;
      }
      subscription.pending.delete(id);
      subscription.lastSent.set(id, now);
      this.send(token, value);
    }
    clearTimeout(subscription.timer);
    subscription.timer =
      wait === Number.POSITIVE_INFINITY ? undefined : setTimeout(() => this.flush(token, subscription), wait);
  }
}
