/** Rows that other backends on the same server change: noticed by their `seq`, and told here as if they were our own. */
import type { EntityEvents, TypedEmitter } from '../events';

interface Row {
  readonly id: string;
  readonly seq: number;
}

export interface FollowedRows<T extends Row> {
  /** What this backend's subscribers hear, from wherever it comes. */
  readonly events: Pick<TypedEmitter<EntityEvents<T>>, 'on'>;
  readonly heads: () => Promise<ReadonlyMap<string, number>>;
  readonly rows: (ids: readonly string[]) => Promise<readonly T[]>;
  readonly tell: (row: T) => void;
  readonly tellRemoved: (id: string) => void;
}

export class RowFollower<T extends Row> {
  private readonly known = new Map<string, number>();
  /** Those that went while a look was under way: what it read of them is old. */
  private readonly gone = new Set<string>();

  constructor(private readonly followed: FollowedRows<T>) {
    followed.events.on('changed', ({ id, seq }) => {
      if (this.isNews(id, seq)) this.known.set(id, seq);
    });
    followed.events.on('removed', (id) => {
      this.known.delete(id);
      this.gone.add(id);
    });
  }

  /** Takes what is there as known: subscribers have it from their snapshot. */
  async begin(): Promise<void> {
    for (const [id, seq] of await this.followed.heads()) if (this.isNews(id, seq)) this.known.set(id, seq);
  }

  /** Tells what changed since the last look. */
  async look(): Promise<void> {
    const { heads, rows, tell, tellRemoved } = this.followed;
    this.gone.clear();
    const before = [...this.known.keys()];
    const now = await heads();
    const changed = [...now].filter(([id, seq]) => this.isNews(id, seq));
    // What this backend told meanwhile is newer than what was read.
    for (const row of changed.length === 0 ? [] : await rows(changed.map(([id]) => id))) {
      if (this.isNews(row.id, row.seq) && !this.gone.has(row.id)) tell(row);
    }
    for (const [id, seq] of changed) if (this.isNews(id, seq) && !this.gone.has(id)) this.known.set(id, seq);
    for (const id of before) if (!now.has(id) && this.known.has(id)) tellRemoved(id);
  }

  private isNews(id: string, seq: number): boolean {
    return seq > (this.known.get(id) ?? -1);
  }
}
