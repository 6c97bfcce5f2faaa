import { spawn } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../../scripts/lib/codeServer/start.mjs';
import { Failure } from '../../scripts/lib/failure.mjs';
import { run } from '../../scripts/lib/run.mjs';

/** A PostgreSQL server of its own in a temporary folder, on loopback. It refuses to run as root: then `postgres` runs it. */
export async function startPostgres(bin) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'goya-bench-pg-'));
  const identity = process.getuid() === 0 ? await postgresUser() : {};
  if (identity.uid !== undefined) await chown(folder, identity.uid, identity.gid);
  const data = path.join(folder, 'data');
  const port = await freePort();
  const program = (name, args) => start(path.join(bin, name), args, { ...identity, cwd: folder });
  await program('initdb', ['--auth=trust', '--username=goya', '--encoding=UTF8', '--no-sync', data]).finished;
  const server = program('postgres', ['-D', data, '-p', String(port), '-k', folder, '-h', '127.0.0.1', '-F']);
  await server.said(/ready to accept connections/);
  return {
    url: `postgres://goya@127.0.0.1:${port}/postgres`,
    stop: async () => {
      server.child.kill('SIGINT');
      await server.finished;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function postgresUser() {
  const id = async (flag) => Number((await run('id', [flag, 'postgres'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

function start(command, args, options) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const waiting = [];
  const hear = (chunk) => {
    output += chunk;
    for (const { pattern, resolve } of waiting) if (pattern.test(output)) resolve();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const finished = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve()
        : reject(new Failure(`${path.basename(command)} ended with code ${code}:\n${output}`)),
    );
  });
  const said = (pattern) =>
    Promise.race([new Promise((resolve) => waiting.push({ pattern, resolve })), finished]);
  return { child, finished, said };
}
