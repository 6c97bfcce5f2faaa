/**
 * Both ends of the JSON-RPC connection, typed by the message specs: values are parsed where they leave and where
 * they arrive, and errors keep their kind on the way.
 */
import {
  CancellationTokenSource,
  ErrorCodes,
  ResponseError,
  type CancellationToken,
  type Disposable,
  type MessageConnection,
} from 'vscode-jsonrpc';
import * as z from 'zod';
import { errorKind } from '../model/common';
import { StudioError, errorCodes, toStudioError } from './errors';
import { describeIssues } from './parse';
import type { NotificationSpec, Params, ParamsIn, RequestSpec, Result, ResultIn } from './spec';

/** JSON-RPC code of a call before `initialize`. */
export const serverNotInitialized = -32002;

const errorData = z.object({
  kind: errorKind,
  retryable: z.boolean(),
  details: z.record(z.string(), z.unknown()).optional(),
});

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export type Handler<S extends RequestSpec> = (
  params: Params<S>,
  context: { readonly signal: AbortSignal },
) => Promise<ResultIn<S>> | ResultIn<S>;

/** Calls `spec` on the other end. Rejects with a StudioError of the other end's kind. */
export async function call<S extends RequestSpec>(
  connection: MessageConnection,
  spec: S,
  params: ParamsIn<S>,
  options: CallOptions = {},
): Promise<Result<S>> {
  options.signal?.throwIfAborted();
  const cancellation = new CancellationTokenSource();
  const onAbort = (): void => cancellation.cancel();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const raw: unknown = await connection.sendRequest(spec.method, params, cancellation.token);
    const parsed = spec.result.safeParse(raw);
    if (!parsed.success) {
      throw new StudioError(
        'internal',
        `The answer to ${spec.method} is malformed: ${describeIssues(parsed.error)}`,
      );
    }
    return parsed.data as Result<S>;
  } catch (error) {
    throw fromWire(error);
  } finally {
    options.signal?.removeEventListener('abort', onAbort);
    cancellation.dispose();
  }
}

/** Answers `spec`. A thrown value reaches the caller as `{code, message, data: {kind, retryable, details?}}`. */
export function handle<S extends RequestSpec>(
  connection: MessageConnection,
  spec: S,
  handler: Handler<S>,
  onInternalError: (method: string, error: unknown) => void,
): Disposable {
  // A request without `params` reaches the handler with the token alone; one with a list, with its items spread.
  return connection.onRequest(spec.method, async (...given: unknown[]) => {
    const token = given.at(-1) as CancellationToken;
    const raw = given.length > 2 ? given.slice(0, -1) : given.length === 2 ? given[0] : undefined;
    const parsed = spec.params.safeParse(raw ?? undefined);
    if (!parsed.success) {
      throw new ResponseError(
        ErrorCodes.InvalidParams,
        `Invalid params for ${spec.method}: ${describeIssues(parsed.error)}`,
        {
          kind: 'internal',
          retryable: false,
          details: { issues: parsed.error.issues.map((i) => ({ path: i.path, message: i.message })) },
        },
      );
    }
    const controller = new AbortController();
    const subscription = token.onCancellationRequested(() => controller.abort());
    try {
      const result = await handler(parsed.data as Params<S>, { signal: controller.signal });
      return spec.result.parse(result);
    } catch (error) {
      throw toWire(error, (cause) => onInternalError(spec.method, cause));
    } finally {
      subscription.dispose();
    }
  });
}

export function notify<S extends NotificationSpec>(
  connection: MessageConnection,
  spec: S,
  params: ParamsIn<S>,
): Promise<void> {
  return connection.sendNotification(spec.method, params);
}

/** Hands every well-formed notification to `handler`; a malformed one is reported and dropped. */
export function onNotification<S extends NotificationSpec>(
  connection: MessageConnection,
  spec: S,
  handler: (params: Params<S>) => void,
  onMalformed: (method: string, error: unknown) => void,
): Disposable {
  return connection.onNotification(spec.method, (raw: unknown) => {
    const parsed = spec.params.safeParse(raw ?? undefined);
    if (parsed.success) handler(parsed.data as Params<S>);
    else onMalformed(spec.method, parsed.error);
  });
}

export function toWire(error: unknown, onInternal: (cause: unknown) => void): ResponseError<unknown> {
  if (error instanceof ResponseError) return error;
  const studio = toStudioError(error);
  if (studio.kind === 'internal') onInternal(studio.cause ?? studio);
  return new ResponseError(errorCodes[studio.kind], studio.message, {
    kind: studio.kind,
    retryable: studio.retryable,
    ...(studio.details === undefined ? {} : { details: studio.details }),
  });
}

export function fromWire(error: unknown): StudioError {
  if (!(error instanceof ResponseError)) return toStudioError(error);
  const data = errorData.safeParse(error.data);
  if (error.code === ErrorCodes.InvalidParams)
    return new StudioError('internal', error.message, { cause: error });
  if (data.success) {
    return new StudioError(data.data.kind, error.message, {
      retryable: data.data.retryable,
      ...(data.data.details === undefined ? {} : { details: data.data.details }),
      cause: error,
    });
  }
  return new StudioError('internal', error.message, { cause: error });
}
