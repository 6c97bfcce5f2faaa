// Start-up times and memory of the built backend: `npm run bench [-- --runs N] [--database URL]`. Medians of N runs (default 5).
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { BackendClient } from '../scripts/lib/backendClient.mjs';
import { ensureBuilt } from '../scripts/lib/build.mjs';
import { Failure, runMain } from '../scripts/lib/failure.mjs';
import { findPostgresBin } from '../scripts/lib/postgres.mjs';
import { root } from '../scripts/lib/project.mjs';
import { run } from '../scripts/lib/run.mjs';
import { startPostgres } from './postgresServer.mjs';

/** What each figure must stay under. */
const limits = {
  'initialize answered after spawn': { ms: 300 },
  'health/check, embedded, first time': { ms: 2500 },
  'health/check, embedded, reopened': { ms: 1500 },
  'memory (RSS), embedded, idle': { mb: 350 },
  'memory (RSS), PostgreSQL server, idle': { mb: 120 },
};

await runMain(async () => {
  await ensureBuilt(root);
  const runs = Number(option('--runs') ?? 5);
  const figures = new Map();
  const note = (name, value) => figures.set(name, [...(figures.get(name) ?? []), value]);
  for (let i = 0; i < runs; i += 1) await measureEmbedded(note);
  await measureServer(note, runs);
  return report(figures);
});

function option(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
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
  const rssMb = await rss(client.pid);
  await client.stop();
  return { initializeMs, healthyMs, rssMb };
}

/** Resident memory in MB (10⁶ bytes), once it has settled: the least of some readings. */
async function rss(pid) {
  const readings = [];
  for (let i = 0; i < 5; i += 1) {
    readings.push(await residentBytes(pid));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return Math.min(...readings) / 1e6;
}

async function residentBytes(pid) {
  if (process.platform === 'linux')
    return Number(/^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))[1]) * 1024;
  if (process.platform === 'win32') {
    const { stdout } = await run('tasklist', ['/fi', `PID eq ${pid}`, '/fo', 'csv', '/nh']);
    return Number(stdout.split('","')[4].replaceAll(/\D/g, '')) * 1024;
  }
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) * 1024;
}

function report(figures) {
  let failed = 0;
  const line = (...cells) =>
    process.stdout.write(
      `${cells[0].padEnd(42)}${cells
        .slice(1)
        .map((cell) => cell.padStart(12))
        .join('')}\n`,
    );
  line('figure', 'median', 'worst', 'limit', '');
  for (const [name, values] of figures) {
    const sorted = values.toSorted((a, b) => a - b);
    const unit = name.startsWith('memory') ? 'MB' : 'ms';
    const limit = limits[name]?.ms ?? limits[name]?.mb;
    const median = sorted[Math.floor(sorted.length / 2)];
    const over = limit !== undefined && median > limit;
    if (over) failed += 1;
    const text = (value) => (value === undefined ? '' : `${value.toFixed(0)} ${unit}`);
    line(name, text(median), text(sorted.at(-1)), text(limit), over ? 'OVER' : '');
  }
  return failed > 0 ? 1 : 0;
}
