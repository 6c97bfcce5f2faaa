import * as z from 'zod';
import { empty } from '../model/common';
import { settings } from '../model/settings';
import { request } from '../wire/spec';

export const settingsGet = request('settings/get', empty, z.object({ settings }));
/** Merged key by key and persisted; unknown or ill-typed keys are refused and nothing is changed. */
export const settingsUpdate = request('settings/update', z.object({ settings }), z.object({ settings }));

/** An unreachable hub is an error, not `valid: false`. */
export const tokenValidate = request(
  'settings/token/validate',
  z.object({ token: z.string().min(1) }),
  z.object({
    valid: z.boolean(),
    name: z.string().optional(),
    type: z.string().optional(),
    role: z.string().optional(),
    reason: z.string().optional(),
  }),
);
/**
 * Kept in the backend's memory only, for one origin: that of `origin`, else of the endpoint in force. It is sent to no
 * other, a mirror included, until it is set again for that one.
 */
export const tokenSet = request(
  'settings/token/set',
  z.object({ token: z.string().min(1), origin: z.url({ protocol: /^https?$/ }).optional() }),
  z.object({}),
);
/** Forgets every token that was set; those of the environment and of a login stay. */
export const tokenDelete = request('settings/token/delete', empty, z.object({}));

const tokenSource = z.enum(['client', 'environment', 'file']);
/** Where a token comes from, never the token. `where`: as the end of a sentence, with the variable or the file. */
const tokenOrigin = z.object({ source: tokenSource, where: z.string(), origin: z.string() });

/** Which token is sent to the endpoint, and which one is known but kept back from it. */
export const tokenStatus = request(
  'settings/token/status',
  empty,
  z.object({
    /** The origin of the endpoint in force. */
    endpoint: z.string(),
    source: z.enum(['none', ...tokenSource.options]),
    where: z.string().optional(),
    origin: z.string().optional(),
    heldBack: tokenOrigin.optional(),
  }),
);
