import { z } from 'zod';
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
/** Kept in the backend's memory only. */
export const tokenSet = request('settings/token/set', z.object({ token: z.string().min(1) }), z.object({}));
export const tokenDelete = request('settings/token/delete', empty, z.object({}));
