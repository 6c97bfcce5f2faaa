/**
 * A message is one exported value that both ends import: its method, and the schemas of what goes in and comes out.
 */
import type * as z from 'zod';

export interface RequestSpec<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly method: string;
  readonly params: P;
  readonly result: R;
}

export interface NotificationSpec<P extends z.ZodType = z.ZodType> {
  readonly method: string;
  readonly params: P;
}

export function request<P extends z.ZodType, R extends z.ZodType>(
  method: string,
  params: P,
  result: R,
): RequestSpec<P, R> {
  return { method, params, result };
}

export function notification<P extends z.ZodType>(method: string, params: P): NotificationSpec<P> {
  return { method, params };
}

/** What a caller passes. */
export type ParamsIn<S extends { params: z.ZodType }> = z.input<S['params']>;
/** What a handler receives, defaults applied. */
export type Params<S extends { params: z.ZodType }> = z.output<S['params']>;
/** What a caller receives. */
export type Result<S extends RequestSpec> = z.output<S['result']>;
/** What a handler returns. */
export type ResultIn<S extends RequestSpec> = z.input<S['result']>;
