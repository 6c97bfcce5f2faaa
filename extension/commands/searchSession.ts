/**
 * Searching as one types: waits for a pause, calls back what was asked before, adds pages, and never shows an old
 * answer over a newer one. Pure: the search and the clock are passed in.
 */
import type { HubModel } from '../../protocol/model/hubModel';
import { isStudioError } from '../../protocol/wire/errors';
import type { Clock } from '../supervisor';

export interface SearchQuery {
  readonly text: string;
  /** Only models that say they know Persian. */
  readonly persian: boolean;
}

export interface SearchPage {
  readonly models: readonly HubModel[];
  readonly nextCursor?: string | undefined;
  /** The hub was not asked: this is what the machine itself knows. */
  readonly offline?: boolean | undefined;
}

export interface SearchView {
  readonly busy: boolean;
  readonly models: readonly HubModel[];
  /** There is a further page. */
  readonly more: boolean;
  /** The last search failed. */
  readonly error?: unknown;
  /** What is shown comes from the machine alone; `error` says why, when that was not a setting. */
  readonly offline?: boolean;
}

export type Search = (
  query: SearchQuery,
  cursor: string | undefined,
  signal: AbortSignal,
) => Promise<SearchPage>;

export const typingPauseMs = 300;

export class SearchSession {
  private query: SearchQuery | undefined;
  private models: readonly HubModel[] = [];
  private cursor: string | undefined;
  private running: AbortController | undefined;
  private cancelPause: (() => void) | undefined;

  constructor(
    private readonly search: Search,
    private readonly show: (view: SearchView) => void,
    private readonly clock: Clock,
    /** Answers from what is on the machine, when the hub cannot be reached. */
    private readonly local?: (query: SearchQuery, signal: AbortSignal) => Promise<SearchPage>,
  ) {}

  /** A new query; searched after a pause in typing, or at once. */
  ask(query: SearchQuery, pauseMs = typingPauseMs): void {
    this.stop();
    this.query = query;
    this.show({ busy: true, models: this.models, more: false });
    this.cancelPause = this.clock.after(pauseMs, () => void this.fetch(query, undefined));
  }

  /** The next page of the same query. */
  more(): void {
    if (this.query === undefined || this.cursor === undefined || this.running !== undefined) return;
    this.show({ busy: true, models: this.models, more: false });
    void this.fetch(this.query, this.cursor);
  }

  /** Calls back what runs; nothing is shown any more. */
  stop(): void {
    this.cancelPause?.();
    this.running?.abort();
    this.running = undefined;
  }

  private async fetch(query: SearchQuery, cursor: string | undefined): Promise<void> {
    const running = new AbortController();
    this.running = running;
    try {
      const page = await this.search(query, cursor, running.signal);
      if (this.running !== running) return;
      this.models = cursor === undefined ? page.models : [...this.models, ...page.models];
      this.cursor = page.nextCursor;
      this.running = undefined;
      const offline = page.offline === true;
      this.show({ busy: false, models: this.models, more: this.cursor !== undefined, offline });
    } catch (error) {
      if (this.running !== running) return;
      if (isStudioError(error, 'hub.unreachable') && cursor === undefined && this.local !== undefined) {
        await this.fetchLocal(query, this.local, running, error);
        return;
      }
      this.running = undefined;
      if (isStudioError(error, 'cancelled')) return;
      this.models = cursor === undefined ? [] : this.models;
      this.show({ busy: false, models: this.models, more: false, error });
    }
  }

  private async fetchLocal(
    query: SearchQuery,
    local: NonNullable<SearchSession['local']>,
    running: AbortController,
    error: unknown,
  ): Promise<void> {
    // Without an answer of the machine either, the hub's silence is still what there is to say.
    const page = await local(query, running.signal).catch((): SearchPage => ({ models: [] }));
    if (this.running !== running) return;
    this.running = undefined;
    this.models = page.models;
    this.cursor = undefined;
    this.show({ busy: false, models: this.models, more: false, offline: true, error });
  }
}
