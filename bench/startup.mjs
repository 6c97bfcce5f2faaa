/** Start-up times and memory of the built backend: medians of `--runs N` (default 5); `--database URL` gives a server. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { BackendClient } from '../scripts/lib/backendClient.mjs';
import { Failure } from '../scripts/lib/failure.mjs';
import { findPostgresBin } from '../scripts/lib/postgres.mjs';
import { root } from '../scripts/lib/project.mjs';
import { option } from './lib/options.mjs';
import { startPostgres } from './lib/postgresServer.mjs';
import { settledBytes } from './lib/resident.mjs';

/** What each figure must stay under. */
const limits = {
  'initialize answered after spawn': 300,
  'health/check, embedded, first time': 2500,
  'health/check, embedded, reopened': 1500,
  'memory (RSS), embedded, idle': 350,
  'memory (RSS), PostgreSQL server, idle': 120,
};

/** @param {import('./lib/report.mjs').Report} report */
export async function startup(report) {
  const runs = Number(option('--runs') ?? 5);
  const note = (name, value) =>
    report.note(name, value, { unit: name.startsWith('memory') ? 'MB' : 'ms', most: limits[name] });
  for (let i = 0; i < runs; i += 1) await measureEmbedded(note);
  await measureServer(note, runs);
}

async function measureEmbedded(note) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'goya-bench-'));
  try {
    const first = await session(folder, { DATABASE_URL: '' });
    note('initialize answered after spawn', first.initializeMs);
    note('health/check, embedded, first time', first.healthyMs);
    const again = await session(folder, { DATABASE_URL: '' });
    note('initialize answered after spawn', again.initializeMs);
    note('health/check, embedded, reopened', again.healthyMs);
    note('memory (RSS), embedded, idle', again.rssMb);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measureServer(note, runs) {
  const given = option('--database');
  const server = given ? { url: given, stop: () => Promise.resolve() } : await ownServer();
  if (!server) return;
  try {
    for (let i = 0; i < runs; i += 1) {
      const folder = await mkdtemp(path.join(os.tmpdir(), 'goya-bench-'));
      const { rssMb, healthyMs } = await session(folder, { DATABASE_URL: server.url });
      note('health/check, PostgreSQL server', healthyMs);
      note('memory (RSS), PostgreSQL server, idle', rssMb);
      await rm(folder, { recursive: true, force: true });
    }
  } finally {
    await server.stop();
  }
}

async function ownServer() {
  const bin = await findPostgresBin();
  if (bin && process.platform !== 'win32') return startPostgres(bin);
  process.stdout.write('no PostgreSQL server programs here: give one with --database URL\n');
  return undefined;
}

/** One session from spawn to exit; times in ms since the spawn of `initialize`'s answer and of a healthy database. */
async function session(folder, env) {
  const client = new BackendClient(root, { env: { HF_HUB_OFFLINE: '1', ...env } });
  await client.call('initialize', {
    protocolVersion: 1,
    client: { name: 'goya-bench', version: '1' },
    storagePath: path.join(folder, 'storage'),
    modelsPath: path.join(folder, 'models'),
    workspacePath: null,
  });
  const initializeMs = performance.now() - client.spawnedAt;
  const health = await client.call('health/check');
  const healthyMs = performance.now() - client.spawnedAt;
  const database = health.checks.find((check) => check.name === 'database');
  if (!database?.ok) throw new Failure(`the database is not well: ${database?.detail ?? 'no such check'}`);
  const rssMb = (await settledBytes(client.pid)) / 1e6;
  await client.stop();
  return { initializeMs, healthyMs, rssMb };
}
