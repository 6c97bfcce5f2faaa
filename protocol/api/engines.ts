import * as z from 'zod';
import { empty } from '../model/common';
import { engine } from '../model/plugin';
import { request } from '../wire/spec';
import { progressToken } from './topics';

/** The engines of this machine as they are now, best first. */
export const enginesList = request('engines/list', empty, z.object({ engines: z.array(engine) }));

export const installableEngine = z.enum(['tensorflow', 'onnx']);
export type InstallableEngine = z.infer<typeof installableEngine>;

export const installSteps = ['check', 'download', 'unpack', 'compile', 'verify'] as const;
/** What `engines/install` says under the caller's token; bytes while it downloads. */
export const installProgress = z.object({
  step: z.enum(installSteps),
  /** The host that is asked. */
  host: z.string().optional(),
  bytesDone: z.number().int().nonnegative().optional(),
  bytesTotal: z.number().int().positive().optional(),
});
export type InstallProgress = z.infer<typeof installProgress>;

/**
 * What `engines/install` would need of this machine, before anybody chooses where from: rejects with its
 * `engine.unavailable`. Answers the host of the index (for `onnx` of the registry) that pip (npm) asks here, where one is set.
 */
export const enginesPreflight = request(
  'engines/preflight',
  z.object({ engine: installableEngine.optional() }),
  z.object({ configuredHost: z.string().optional() }),
);

/**
 * Puts an engine into the storage folder: native TensorFlow (left out: this one) from the wheel of a Python package index,
 * or `onnx` from a package of npm's registry and a wheel; their sha256 are known beforehand. `source`: `configured` is the index that pip asks on this machine, `official` is pypi.org, or the address
 * of another (for `onnx` of an npm registry). Left out: `configured`, else `official`. Can be cancelled, and run again: a download goes on where it was.
 * Rejects with `engine.unavailable`, whose message says what the machine lacks.
 */
export const enginesInstall = request(
  'engines/install',
  z.object({
    engine: installableEngine.optional(),
    source: z.union([z.enum(['configured', 'official']), z.url({ protocol: /^https?$/ })]).optional(),
    token: progressToken.optional(),
  }),
  engine,
);
