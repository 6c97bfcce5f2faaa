import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { say } from './say.mjs';

const heartbeatMs = 2_000;
const staleMs = 20_000;

/**
 * Runs `work` while holding a lock file, so that two scripts started at once do not build the same thing twice.
 * The holder touches the file every two seconds. A lock is taken over when its process is gone (same host)
 * or when it was not touched for 20 s (killed, or the machine slept).
 */
export async function withLock(file, work, { what = path.basename(file), pollMs = 200 } = {}) {
  await mkdir(path.dirname(file), { recursive: true });
  await acquire(file, what, pollMs);
  const beat = setInterval(() => void touch(file), heartbeatMs);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await rm(file, { force: true });
  }
}

async function acquire(file, what, pollMs) {
  let said = false;
  for (;;) {
    try {
      const handle = await open(file, 'wx');
      await handle.writeFile(JSON.stringify({ pid: process.pid, host: os.hostname() }));
      await handle.close();
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (await isAbandoned(file)) {
      await rm(file, { force: true });
      continue;
    }
    if (!said) say(`waiting for another process that is busy with ${what}`);
    said = true;
    await wait(pollMs);
  }
}

async function isAbandoned(file) {
  try {
    const age = Date.now() - (await stat(file)).mtimeMs;
    if (age > staleMs) return true;
    const text = await readFile(file, 'utf8');
    if (text === '') return false; // just made, its holder is about to write
    const { pid, host } = JSON.parse(text);
    return host === os.hostname() && !isAlive(pid);
  } catch (error) {
    if (error.code === 'ENOENT') return false; // released meanwhile: try again to take it
    if (error instanceof SyntaxError) return false; // half-written by its holder: age decides
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM'; // somebody else's process: alive
  }
}

async function touch(file) {
  const now = new Date();
  await utimes(file, now, now).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
