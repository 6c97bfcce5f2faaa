/** A topic's objects as the backend last told them, whatever the order in which its messages arrive. */

export interface Entity {
  readonly id: string;
  readonly seq: number;
}

export type Change<T> =
  /** Everything may be different: a new snapshot. */
  | { readonly kind: 'reset' }
  | { readonly kind: 'added'; readonly item: T }
  | { readonly kind: 'changed'; readonly item: T; readonly previous: T }
  | { readonly kind: 'removed'; readonly item: T };

export class TopicMirror<T extends Entity> {
  private items = new Map<string, T>();
  private readonly listeners = new Set<(change: Change<T>) => void>();

  /** In the order in which they became known. */
  list(): readonly T[] {
    return [...this.items.values()];
  }

  get(id: string): T | undefined {
    return this.items.get(id);
  }

  /** Returns a function that stops listening. */
  onChange(listener: (change: Change<T>) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** A new snapshot. After a restart the backend may speak of another database, so nothing old stays. */
  reset(items: readonly T[]): void {
    this.items = new Map(items.map((item) => [item.id, item]));
    this.tell({ kind: 'reset' });
  }

  /** Takes a change in unless it is older than what is known. */
  apply(item: T): void {
    const previous = this.items.get(item.id);
    if (previous !== undefined && item.seq <= previous.seq) return;
    this.items.set(item.id, item);
    this.tell(previous === undefined ? { kind: 'added', item } : { kind: 'changed', item, previous });
  }

  remove(id: string): void {
    const item = this.items.get(id);
    if (item === undefined) return;
    this.items.delete(id);
    this.tell({ kind: 'removed', item });
  }

  private tell(change: Change<T>): void {
    for (const listener of [...this.listeners]) listener(change);
  }
}
