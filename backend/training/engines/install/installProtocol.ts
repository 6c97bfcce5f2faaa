/** What the backend and the installer's process say to each other over Node's IPC; parsed at both ends. */
import { z } from 'zod';
import { installableEngine, installProgress } from '../../../../protocol/api/engines';
import { failure } from '../../../../protocol/model/common';
import { settings } from '../../../../protocol/model/settings';

export const toInstaller = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('install'),
    engine: installableEngine,
    /** The engine comes into its `engines` folder. */
    storagePath: z.string(),
    /** A package index; undefined: the one that pip asks here, else the official one. */
    index: z.string().optional(),
    network: settings.shape.hub,
  }),
  z.object({ type: z.literal('stop') }),
]);
export type ToInstaller = z.infer<typeof toInstaller>;
export type InstallMessage = Extract<ToInstaller, { type: 'install' }>;

export const fromInstaller = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), progress: installProgress }),
  z.object({ type: z.literal('installed'), folder: z.string() }),
  z.object({
    type: z.literal('failed'),
    failure: failure.extend({ details: z.record(z.string(), z.unknown()).optional() }),
  }),
]);
export type FromInstaller = z.infer<typeof fromInstaller>;
