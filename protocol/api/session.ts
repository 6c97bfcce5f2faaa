import * as z from 'zod';
import { empty } from '../model/common';
import { engine, pluginInfo, pluginSource } from '../model/plugin';
import { settings } from '../model/settings';
import { notification, request } from '../wire/spec';

export const protocolVersion = 1;

/** Must come first; answers without waiting for the database. Everything before it is refused with -32002. */
export const initialize = request(
  'initialize',
  z.object({
    protocolVersion: z.literal(protocolVersion),
    client: z.object({ name: z.string(), version: z.string() }),
    storagePath: z.string().min(1),
    modelsPath: z.string().min(1),
    workspacePath: z.string().nullish(),
    trusted: z.boolean().optional(),
    locale: z.string().optional(),
    hubToken: z.string().optional(),
    settings: settings.optional(),
    /** Modules of other extensions that contribute training tasks. */
    plugins: z.array(pluginSource).max(1000).optional(),
  }),
  z.object({
    protocolVersion: z.literal(protocolVersion),
    server: z.object({ name: z.string(), version: z.string() }),
    engines: z.array(engine),
    plugins: z.array(pluginInfo),
  }),
);

/** Closes everything cleanly; only `exit` is accepted after it. */
export const shutdown = request('shutdown', z.unknown(), z.null());
export const exit = notification('exit', z.unknown());

export const healthReport = z.object({
  status: z.enum(['healthy', 'degraded', 'unhealthy']),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), ms: z.number() })),
  versions: z.record(z.string(), z.string()),
});
export type HealthReport = z.infer<typeof healthReport>;

/** At least `database`, `storage`, `hub`, `engine`. */
export const healthCheck = request('health/check', empty, healthReport);
