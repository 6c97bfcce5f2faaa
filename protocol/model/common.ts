import * as z from 'zod';
import { errorKinds, type ErrorKind } from '../wire/errors';

export const id = z.uuid();
/** ISO 8601, UTC. */
export const time = z.iso.datetime({ offset: true });
/** A count of bytes. */
export const bytes = z.number().int().nonnegative();
export const progress = z.number().min(0).max(1);
/** Rises by at least one with every change of the object; a subscriber drops what is not newer. */
export const seq = z.number().int().nonnegative();
export const errorKind = z.enum(errorKinds as [ErrorKind, ...ErrorKind[]]);
export const empty = z.object({}).default({});

/** What went wrong with a stored object (a download, a run), as a client shows it. */
export const failure = z.object({ kind: errorKind, message: z.string(), retryable: z.boolean() });
export type Failure = z.infer<typeof failure>;

export const severity = z.enum(['error', 'warning', 'info']);
export type Severity = z.infer<typeof severity>;
