import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { HealthReport } from '../../protocol/api/session';
import type { Engine } from '../../protocol/model/plugin';
import { toStudioError } from '../../protocol/wire/errors';
import type { Database } from '../database/database';
import { listed, say } from '../language/say';

export interface HealthServiceOptions {
  readonly database: Database;
  readonly storagePath: string;
  readonly modelsPath: string;
  /** One small request to the hub; answers a sentence. */
  readonly checkHub: (signal: AbortSignal) => Promise<string>;
  readonly engines: () => Promise<readonly Engine[]>;
  readonly versions: Readonly<Record<string, string>>;
}

type Check = HealthReport['checks'][number];

/** Longest wait for the hub, in milliseconds: a health report must not hang on a dead line. */
const hubTimeout = 3000;

/** Without these two nothing works; without the others some things do. */
const vital = new Set(['database', 'storage']);

export class HealthService {
  constructor(private readonly options: HealthServiceOptions) {}

  async check(): Promise<HealthReport> {
    const { database, storagePath, modelsPath, checkHub, engines, versions } = this.options;
    let databaseVersion = 'unavailable';
    const checks = await Promise.all([
      timed('database', async () => {
        const info = await database.check();
        databaseVersion = info.version;
        return info.kind === 'embedded'
          ? say`embedded PostgreSQL ${info.version}`
          : say`PostgreSQL server ${info.version}`;
      }),
      timed('storage', () => checkWritable(storagePath)),
      timed('models', () => checkWritable(modelsPath)),
      timed('hub', () => checkHub(AbortSignal.timeout(hubTimeout))),
      timed('engine', async () => {
        const available = (await engines()).filter(({ name, available }) => available && name !== 'onnx');
        const best = available[0];
        if (best === undefined) throw new Error(say`no training engine is available`);
        const name = `${best.name}${best.version === undefined ? '' : ` ${best.version}`}`;
        return say`${name}; available: ${listed(available.map((engine) => engine.name))}`;
      }),
      // Only ONNX models need it: that it is not there is told, and no fault.
      timed('onnx', async () => {
        const engine = (await engines()).find(({ name }) => name === 'onnx');
        if (engine?.available !== true) return engine?.reason ?? say`not installed`;
        return say`sherpa-onnx ${engine.version ?? ''}: runs ONNX voices and recognisers`;
      }),
    ]);
    const failed = checks.filter((check) => !check.ok);
    const status = failed.some((check) => vital.has(check.name))
      ? 'unhealthy'
      : failed.length > 0
        ? 'degraded'
        : 'healthy';
    return { status, checks, versions: { ...versions, database: databaseVersion } };
  }
}

async function timed(name: string, work: () => Promise<string>): Promise<Check> {
  const start = performance.now();
  try {
    return { name, ok: true, detail: await work(), ms: Math.round(performance.now() - start) };
  } catch (error) {
    const known = toStudioError(error);
    const detail = known.kind === 'internal' && error instanceof Error ? error.message : known.message;
    return { name, ok: false, detail, ms: Math.round(performance.now() - start) };
  }
}

/** Writes, reads back and deletes a small file: a mounted but full or read-only folder must not pass. */
async function checkWritable(folder: string): Promise<string> {
  const probe = path.join(folder, `.goya-health-${randomUUID()}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, 'goya');
    if ((await readFile(probe, 'utf8')) !== 'goya') throw new Error(say`what was written did not come back`);
  } catch (error) {
    throw new Error(say`${folder} cannot be written to (${(error as Error).message})`, { cause: error });
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
  return say`${folder} is writable`;
}
