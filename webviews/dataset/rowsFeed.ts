/** The rows that are looked at, fetched in blocks as they come into view. */
import { datasetsRows } from '../../protocol/api/datasets';
import type {
  DatasetChanges,
  DatasetFilter,
  DatasetRow,
  DatasetSort,
} from '../../protocol/model/datasetRows';
import type { PostMessagePeer } from '../../protocol/wire/postMessage';

export interface RowsQuery {
  readonly sort?: DatasetSort | undefined;
  readonly filter?: DatasetFilter | undefined;
}

export interface RowsListener {
  /** Rows or their number are others now. */
  onRows(): void;
  onChanges(changes: DatasetChanges): void;
  onError(error: unknown): void;
}

const blockRows = 200;
/** Blocks that are kept: a long scroll does not gather all rows in the page. */
const keptBlocks = 60;

export class RowsFeed {
  total = 0;
  private readonly blocks = new Map<number, readonly DatasetRow[]>();
  private readonly asked = new Set<number>();
  private generation = 0;
  private query: RowsQuery = {};

  constructor(
    private readonly peer: Pick<PostMessagePeer, 'call'>,
    private path: string,
    private readonly listener: RowsListener,
  ) {}

  show(path: string): void {
    this.path = path;
    this.total = 0;
    this.blocks.clear();
  }

  /** Undefined while it is on its way. */
  row(index: number): DatasetRow | undefined {
    return this.blocks.get(Math.floor(index / blockRows))?.[index % blockRows];
  }

  /** Asks for what is missing of these rows. */
  need(first: number, last: number): void {
    const end = Math.floor(Math.min(last, this.total - 1) / blockRows);
    for (let block = Math.floor(first / blockRows); block <= end; block++)
      if (!this.blocks.has(block) && !this.asked.has(block)) void this.fetch(block);
  }

  /** Another order or filter; resolves when the first rows are there. */
  async ask(query: RowsQuery): Promise<void> {
    this.query = query;
    this.generation++;
    this.asked.clear();
    await this.fetch(0, true);
  }

  /** The same rows again, after a change. What is seen stays until the new rows are there. */
  async renew(around: number): Promise<void> {
    this.generation++;
    this.asked.clear();
    await this.fetch(Math.max(0, Math.floor(around / blockRows)), true);
  }

  private async fetch(block: number, first = false): Promise<void> {
    const mine = this.generation;
    this.asked.add(block);
    const { sort, filter } = this.query;
    try {
      const answer = await this.peer.call(datasetsRows, {
        path: this.path,
        offset: block * blockRows,
        limit: blockRows,
        ...(sort && { sort }),
        ...(filter && { filter }),
      });
      if (mine !== this.generation) return;
      if (first) this.blocks.clear();
      this.total = answer.total;
      this.keep(block, answer.rows);
      this.listener.onChanges(answer.changes);
      this.listener.onRows();
    } catch (error) {
      if (mine === this.generation) this.listener.onError(error);
    } finally {
      if (mine === this.generation) this.asked.delete(block);
    }
  }

  private keep(block: number, rows: readonly DatasetRow[]): void {
    this.blocks.set(block, rows);
    if (this.blocks.size <= keptBlocks) return;
    const [far] = [...this.blocks.keys()].sort((a, b) => Math.abs(b - block) - Math.abs(a - block));
    if (far !== undefined) this.blocks.delete(far);
  }
}
