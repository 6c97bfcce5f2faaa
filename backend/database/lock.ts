/**
 * A lock file for the embedded database, which itself takes none: two processes on one data directory destroy it.
 *
 * The holder writes who it is and touches the file every few seconds. A holder of this machine is gone when its
 * process is; elsewhere (a network drive, another container) only a heartbeat that has stopped tells. A lock is never
 * taken from a live holder, and a holder that slept through its heartbeats checks before it goes on.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { mkdir, open, readFile, rm, rmdir, stat, utimes } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { StudioError } from '../../protocol/wire/errors';

const holderSchema = z.object({
  pid: z.number().int(),
  hostname: z.string(),
  /** The process namespace: inside it, a pid means something. */
  scope: z.string(),
  /** When the process began, where the system tells: the same pid may be another process by now. */
  processStart: z.string().optional(),
  token: z.string(),
  since: z.string(),
});
type Holder = z.infer<typeof holderSchema>;

export interface LockTimes {
  /** Milliseconds between two heartbeats. */
  readonly heartbeat: number;
  /** Milliseconds without one after which a holder that cannot be looked at counts as gone. */
  readonly stale: number;
  /** The same for a pid of this machine that is alive: it may belong to another program by now. */
  readonly staleWhenAlive: number;
}

const defaultTimes: LockTimes = { heartbeat: 2000, stale: 30_000, staleWhenAlive: 600_000 };

interface Found {
  readonly holder: Holder | undefined;
  readonly heartbeatAt: number;
}

export class FileLock {
  private lastHeartbeat = Date.now();
  private lost = false;
  private released = false;
  private readonly timer: NodeJS.Timeout;

  private constructor(
    private readonly file: string,
    private readonly token: string,
    private readonly times: LockTimes,
  ) {
    this.timer = setInterval(() => void this.beat(), times.heartbeat);
    this.timer.unref();
  }

  /** Rejects with `database.locked`, naming the holder, when it is held by a live process. */
  static async acquire(file: string, times: LockTimes = defaultTimes): Promise<FileLock> {
    const self = describeSelf();
    for (let attempt = 0; attempt < 10; attempt++) {
      if (await create(file, self)) return new FileLock(file, self.token, times);
      const found = await look(file);
      if (found === undefined) continue;
      if (!(await isGone(file, found, times))) throw lockedBy(file, found.holder);
      await takeAway(file, found, times);
    }
    throw lockedBy(file, (await look(file))?.holder);
  }

  /** Rejects with `database.locked` when the lock is no longer ours. Reads the file only when heartbeats were missed. */
  async verify(): Promise<void> {
    if (!this.lost && Date.now() - this.lastHeartbeat > this.times.stale / 2) await this.beat();
    if (this.lost) throw lockedBy(this.file, (await look(this.file))?.holder);
  }

  get isLost(): boolean {
    return this.lost;
  }

  async release(): Promise<void> {
    if (this.released) return;
    this.released = true;
    clearInterval(this.timer);
    const found = await look(this.file);
    if (found?.holder?.token === this.token) await rm(this.file, { force: true });
  }

  private async beat(): Promise<void> {
    if (this.lost || this.released) return;
    try {
      const found = await look(this.file);
      if (found?.holder?.token === this.token) {
        const now = new Date();
        await utimes(this.file, now, now);
        this.lastHeartbeat = now.getTime();
        return;
      }
      this.lost = found !== undefined || !(await create(this.file, { ...describeSelf(), token: this.token }));
    } catch {
      // A full or vanished disk: not a reason to stop; `verify` tries again before the lock could count as stale.
    }
  }
}

function describeSelf(): Holder {
  return {
    pid: process.pid,
    hostname: hostname(),
    scope: scope(),
    processStart: processStart(process.pid),
    token: randomUUID(),
    since: new Date().toISOString(),
  };
}

function scope(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** Clock ticks from boot to the start of a process; undefined where there is no /proc. */
function processStart(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything: count from behind it.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** False when the file is there already. */
async function create(file: string, holder: Holder): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      await handle.writeFile(JSON.stringify(holder));
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined when there is no lock; a holder that cannot be read (its process died while writing) is undefined. */
async function look(file: string): Promise<Found | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    const { mtimeMs } = await stat(file);
    return { holder: parseHolder(text), heartbeatAt: mtimeMs };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function isGone(file: string, found: Found, times: LockTimes): Promise<boolean> {
  const { holder, heartbeatAt } = found;
  const silence = Date.now() - heartbeatAt;
  if (holder?.scope === scope()) {
    if (!isAlive(holder.pid)) return true;
    const start = processStart(holder.pid);
    if (start !== undefined && holder.processStart !== undefined) return start !== holder.processStart;
    const bootedAt = Date.now() - uptime() * 1000;
    if (heartbeatAt < bootedAt) return true;
    if (silence < times.staleWhenAlive) return false;
  } else if (silence < times.stale) {
    return false;
  }
  // The clocks of two machines may differ: a heartbeat seen with our own eyes decides.
  await wait(times.heartbeat * 3);
  const again = await look(file);
  return again !== undefined && again.heartbeatAt === heartbeatAt && again.holder?.token === holder?.token;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: another user's process, so there is one.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Removes a dead holder's lock; a folder as guard makes sure that of several processes only one does, and only this lock. */
async function takeAway(file: string, found: Found, times: LockTimes): Promise<void> {
  const guard = `${file}.takeover`;
  try {
    await mkdir(guard);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const age = await stat(guard).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > times.stale) await rmdir(guard).catch(() => undefined);
    await wait(50);
    return;
  }
  try {
    const now = await look(file);
    if (now?.holder?.token === found.holder?.token && now?.heartbeatAt === found.heartbeatAt) {
      await rm(file, { force: true });
    }
  } finally {
    await rmdir(guard).catch(() => undefined);
  }
}

function lockedBy(file: string, holder: Holder | undefined): StudioError {
  const who =
    holder === undefined
      ? 'another process'
      : `process ${holder.pid}${holder.hostname === hostname() ? '' : ` on ${holder.hostname}`} since ${holder.since}`;
  return new StudioError(
    'database.locked',
    `The embedded database is in use by ${who}. Close the other window or process that uses this storage, or set a PostgreSQL server as database to share it. If that process is not Goya, delete ${file}.`,
    {
      retryable: true,
      details: { file, ...(holder && { pid: holder.pid, hostname: holder.hostname, since: holder.since }) },
    },
  );
}
