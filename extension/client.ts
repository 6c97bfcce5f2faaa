/** The backend as the rest of the extension sees it: typed calls, and topics that survive its restarts. */
import type { MessageConnection } from 'vscode-jsonrpc';
import {
  progressNotification,
  removedItem,
  topicItems,
  topicsSubscribe,
  topicsUnsubscribe,
  type TopicItem,
  type TopicName,
} from '../protocol/api/topics';
import { StudioError, toStudioError } from '../protocol/wire/errors';
import { call, onNotification } from '../protocol/wire/peer';
import type { ParamsIn, RequestSpec, Result } from '../protocol/wire/spec';
import type { Session, Supervisor } from './supervisor';
import { TopicMirror } from './topicMirror';

export interface ClientSession extends Session {
  readonly connection: MessageConnection;
}

export interface Subscription<T extends TopicName> {
  readonly mirror: TopicMirror<TopicItem<T>>;
  /** Resolves once the running backend's snapshot is in `mirror`; rejects when it cannot give one. Asking again tries again. */
  ready(): Promise<void>;
  dispose(): void;
}

interface Held {
  readonly topic: TopicName;
  readonly id: string | undefined;
  readonly mirror: TopicMirror<TopicItem<TopicName>>;
  readonly apply: (value: unknown) => void;
  readonly reset: (items: readonly unknown[]) => void;
  /** The session whose snapshot it has or waits for: nobody asks twice. */
  asked?: { readonly session: ClientSession; readonly answer: Promise<void> } | undefined;
}

export class Client<S extends ClientSession = ClientSession> {
  private nextToken = 1;
  private readonly held = new Map<string, Held>();
  /** Who is told how far a call is, by its token. */
  private readonly watchers = new Map<string, (value: unknown) => void>();
  private readonly restoredListeners = new Set<() => void>();
  private connected: S | undefined;

  constructor(
    private readonly supervisor: Supervisor<S>,
    private readonly onProblem: (message: string) => void,
  ) {
    supervisor.onState((state) => {
      if (state.kind !== 'running' || state.session === this.connected) return;
      const again = this.connected !== undefined;
      this.connected = state.session;
      this.listen(state.session.connection);
      void this.restore(state.session).then(() => {
        if (again) for (const listener of [...this.restoredListeners]) listener();
      });
    });
  }

  /** Starts the backend when needed. Rejects with a StudioError. */
  async call<R extends RequestSpec>(spec: R, params: ParamsIn<R>, signal?: AbortSignal): Promise<Result<R>> {
    const session = await this.supervisor.ready();
    const process = { gone: false };
    void session.exited.then(() => (process.gone = true));
    try {
      return await call(session.connection, spec, params, { signal });
    } catch (error) {
      await Promise.resolve(); // Lets `exited` be seen when the rejection comes from the same event.
      if (process.gone && toStudioError(error).kind === 'internal') {
        throw new StudioError('internal', `The Goya backend stopped while it worked on ${spec.method}.`, {
          retryable: true,
          cause: error,
        });
      }
      throw error;
    }
  }

  /** As `call`, for a spec whose params take a `token`: `onProgress` gets each `$/progress` value as it came. */
  async callWatched<R extends RequestSpec>(
    spec: R,
    params: ParamsIn<R>,
    { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (value: unknown) => void },
  ): Promise<Result<R>> {
    const token = `goya-call-${this.nextToken++}`;
    this.watchers.set(token, onProgress);
    try {
      return await this.call(spec, { ...(params as object), token } as ParamsIn<R>, signal);
    } finally {
      this.watchers.delete(token);
    }
  }

  /** The backend was restarted and the topics have their new snapshots. Returns a function that stops listening. */
  onRestored(listener: () => void): () => void {
    this.restoredListeners.add(listener);
    return () => this.restoredListeners.delete(listener);
  }

  /** Keeps `mirror` true from the backend's next start or the first `ready()` on, over restarts too. */
  subscribe<T extends TopicName>(topic: T, id?: string): Subscription<T> {
    const token = `goya-${this.nextToken++}`;
    const mirror = new TopicMirror<TopicItem<T>>();
    const parse = (value: unknown): TopicItem<T> | undefined => {
      const parsed = topicItems[topic].safeParse(value);
      if (parsed.success) return parsed.data as TopicItem<T>;
      this.onProblem(`A malformed item came on the topic ${topic}: ${parsed.error.message}`);
      return undefined;
    };
    this.held.set(token, {
      topic,
      id,
      mirror: mirror as unknown as Held['mirror'],
      apply: (value) => {
        const removed = removedItem.safeParse(value);
        if (removed.success) return mirror.remove(removed.data.id);
        const item = parse(value);
        if (item !== undefined) mirror.apply(item);
      },
      reset: (items) => mirror.reset(items.map(parse).filter((item) => item !== undefined)),
    });
    return {
      mirror,
      ready: async () => this.snapshot(await this.supervisor.ready(), token),
      dispose: () => this.unsubscribe(token),
    };
  }

  private listen(connection: MessageConnection): void {
    onNotification(
      connection,
      progressNotification,
      ({ token, value }) => {
        this.held.get(String(token))?.apply(value);
        this.watchers.get(String(token))?.(value);
      },
      (method) => this.onProblem(`A malformed ${method} was dropped.`),
    );
  }

  private async restore(session: S): Promise<void> {
    for (const token of [...this.held.keys()]) {
      try {
        await this.snapshot(session, token);
      } catch (error) {
        this.onProblem(`A topic could not be restored: ${toStudioError(error).message}`);
      }
    }
  }

  private snapshot(session: S, token: string): Promise<void> {
    const held = this.held.get(token);
    if (held === undefined) return Promise.resolve();
    if (held.asked?.session === session) return held.asked.answer;
    const answer = this.askSnapshot(session, token, held);
    held.asked = { session, answer };
    answer.catch(() => (held.asked = undefined));
    return answer;
  }

  private async askSnapshot(session: S, token: string, held: Held): Promise<void> {
    const { items } = await call(session.connection, topicsSubscribe, {
      topic: held.topic,
      token,
      ...(held.id === undefined ? {} : { id: held.id }),
    });
    held.reset(items);
  }

  private unsubscribe(token: string): void {
    if (!this.held.delete(token)) return;
    if (this.supervisor.state.kind !== 'running') return;
    call(this.supervisor.state.session.connection, topicsUnsubscribe, { token }).catch((error: unknown) =>
      this.onProblem(`A topic could not be left: ${toStudioError(error).message}`),
    );
  }
}
