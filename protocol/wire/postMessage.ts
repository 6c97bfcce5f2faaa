/**
 * Requests over a `postMessage` channel: between a webview page and its panel in the extension. The same message
 * specs as on the JSON-RPC side; the panel answers some itself and passes others on to the backend.
 */
import * as z from 'zod';
import { errorKind } from '../model/common';
import { StudioError, toStudioError } from './errors';
import { describeIssues } from './parse';
import type { NotificationSpec, Params, ParamsIn, RequestSpec, Result } from './spec';

/** One end of a channel: a webview's `acquireVsCodeApi()` + window, or a panel's `Webview`. */
export interface Channel {
  post(message: unknown): void;
  /** Returns a function that stops listening. */
  listen(handler: (message: unknown) => void): () => void;
}

const wireError = z.object({
  kind: errorKind,
  message: z.string(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.unknown()).optional(),
});
const envelope = z.discriminatedUnion('type', [
  z.object({ type: z.literal('request'), id: z.number(), method: z.string(), params: z.unknown() }),
  z.object({
    type: z.literal('response'),
    id: z.number(),
    result: z.unknown().optional(),
    error: wireError.optional(),
  }),
  z.object({ type: z.literal('cancel'), id: z.number() }),
  z.object({ type: z.literal('notification'), method: z.string(), params: z.unknown() }),
]);

type AnyHandler = (params: unknown, signal: AbortSignal) => Promise<unknown>;

export class PostMessagePeer {
  private nextId = 1;
  private readonly pending = new Map<
    number,
    { resolve(value: unknown): void; reject(error: unknown): void }
  >();
  private readonly running = new Map<number, AbortController>();
  private readonly requestHandlers = new Map<string, AnyHandler>();
  private readonly notificationHandlers = new Map<string, Set<(params: unknown) => void>>();
  private readonly stop: () => void;

  constructor(
    private readonly channel: Channel,
    private readonly onProblem: (problem: unknown) => void,
  ) {
    this.stop = channel.listen((message) => this.receive(message));
  }

  async call<S extends RequestSpec>(spec: S, params: ParamsIn<S>, signal?: AbortSignal): Promise<Result<S>> {
    signal?.throwIfAborted();
    const id = this.nextId++;
    const answer = new Promise<unknown>((resolve, reject) => this.pending.set(id, { resolve, reject }));
    const onAbort = (): void => this.channel.post({ type: 'cancel', id });
    signal?.addEventListener('abort', onAbort, { once: true });
    this.channel.post({ type: 'request', id, method: spec.method, params });
    try {
      const parsed = spec.result.safeParse(await answer);
      if (!parsed.success)
        throw new StudioError(
          'internal',
          `The answer to ${spec.method} is malformed: ${describeIssues(parsed.error)}`,
        );
      return parsed.data as Result<S>;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Answers `spec`; the handler's result goes out as it is and is parsed by the caller. */
  handle<S extends RequestSpec>(
    spec: S,
    handler: (params: Params<S>, signal: AbortSignal) => Promise<unknown>,
  ): void {
    this.requestHandlers.set(spec.method, async (raw, signal) => {
      const parsed = spec.params.safeParse(raw ?? undefined);
      if (!parsed.success)
        throw new StudioError(
          'internal',
          `Invalid params for ${spec.method}: ${describeIssues(parsed.error)}`,
        );
      return handler(parsed.data as Params<S>, signal);
    });
  }

  notify<S extends NotificationSpec>(spec: S, params: ParamsIn<S>): void {
    this.channel.post({ type: 'notification', method: spec.method, params });
  }

  /** Returns a function that stops listening. */
  onNotification<S extends NotificationSpec>(spec: S, handler: (params: Params<S>) => void): () => void {
    const wrapped = (raw: unknown): void => {
      const parsed = spec.params.safeParse(raw ?? undefined);
      if (parsed.success) handler(parsed.data as Params<S>);
      else this.onProblem(parsed.error);
    };
    const handlers = this.notificationHandlers.get(spec.method) ?? new Set();
    handlers.add(wrapped);
    this.notificationHandlers.set(spec.method, handlers);
    return () => handlers.delete(wrapped);
  }

  dispose(): void {
    this.stop();
    for (const controller of this.running.values()) controller.abort();
    for (const { reject } of this.pending.values())
      reject(new StudioError('cancelled', 'The page was closed.'));
    this.pending.clear();
    this.running.clear();
  }

  private receive(raw: unknown): void {
    const parsed = envelope.safeParse(raw);
    if (!parsed.success) return; // Other scripts post to the same window: what is not ours is not an error.
    const message = parsed.data;
    switch (message.type) {
      case 'request':
        void this.answer(message.id, message.method, message.params);
        return;
      case 'cancel':
        this.running.get(message.id)?.abort();
        return;
      case 'notification':
        for (const handler of this.notificationHandlers.get(message.method) ?? []) handler(message.params);
        return;
      case 'response': {
        const waiting = this.pending.get(message.id);
        this.pending.delete(message.id);
        if (message.error === undefined) waiting?.resolve(message.result);
        else
          waiting?.reject(
            new StudioError(
              message.error.kind,
              message.error.message,
              message.error.details === undefined
                ? { retryable: message.error.retryable }
                : { retryable: message.error.retryable, details: message.error.details },
            ),
          );
      }
    }
  }

  private async answer(id: number, method: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    this.running.set(id, controller);
    try {
      const handler = this.requestHandlers.get(method);
      if (handler === undefined) throw new StudioError('internal', `This page may not call ${method}.`);
      this.channel.post({ type: 'response', id, result: await handler(params, controller.signal) });
    } catch (error) {
      const { kind, message, retryable, details, cause } = toStudioError(error);
      if (kind === 'internal') this.onProblem(cause ?? error);
      this.channel.post({
        type: 'response',
        id,
        error: { kind, message, retryable, ...(details === undefined ? {} : { details }) },
      });
    } finally {
      this.running.delete(id);
    }
  }
}
