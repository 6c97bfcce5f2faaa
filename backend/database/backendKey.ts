import { randomInt } from 'node:crypto';

/** Of the advisory locks that backends hold to show they live; `is_abandoned` in the schema knows the number too. */
export const backendLockClass = 71_190;

/** This process among all that share a server. */
export const backendKey = randomInt(1, 2 ** 31 - 1);

/** Held by the connection that runs it until it ends, however it ends; shared, since a process may open one server twice. */
export const holdBackendLock = `SELECT pg_advisory_lock_shared(${backendLockClass}, ${backendKey})`;
