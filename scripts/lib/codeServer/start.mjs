import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '../failure.mjs';
import { run } from '../run.mjs';
import { codeServerNode } from './node.mjs';
import { codeServerEntry } from './provision.mjs';

/** Nothing of the person's own code-server or VS Code may leak into ours. */
function environment(extra = {}) {
  const env = { ...process.env, ...extra };
  for (const name of ['PORT', 'PASSWORD', 'HASHED_PASSWORD', 'CODE_SERVER_CONFIG', 'NODE_OPTIONS'])
    if (!(name in extra)) delete env[name];
  for (const name of Object.keys(env)) if (/^VSCODE_|^npm_/.test(name) && !(name in extra)) delete env[name];
  return env;
}

/** Installs a .vsix into an extensions folder, as a person would; works without a connection. */
export async function installExtension({ folder, vsix, extensionsDir, userDataDir }) {
  await mkdir(extensionsDir, { recursive: true });
  const { stdout, stderr } = await run(
    codeServerNode(folder),
    [
      codeServerEntry(folder),
      ...['--extensions-dir', extensionsDir, '--user-data-dir', userDataDir],
      ...['--install-extension', vsix, '--force'],
    ],
    { env: environment() },
  );
  if (!/successfully installed/.test(stdout))
    throw new Failure(`${path.basename(vsix)} was not installed:\n${stdout}\n${stderr}`);
}

/** The user's settings.json of a profile, written before VS Code starts. */
export async function writeUserSettings(userDataDir, settings) {
  const folder = path.join(userDataDir, 'User');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'settings.json'), `${JSON.stringify(settings, null, 2)}\n`);
}

/**
 * Starts VS Code in the browser on loopback, without a password, and waits until it answers.
 * `stop()` ends it with everything it started: it runs in a process group of its own.
 * @param {{folder: string, workspace: string, extensionsDir: string, userDataDir: string, port?: number, env?: object, onOutput?: (text: string) => void, timeoutMs?: number}} options
 */
export async function startCodeServer(options) {
  const { folder, workspace, extensionsDir, userDataDir, env, onOutput, timeoutMs = 60_000 } = options;
  const port = options.port || (await freePort());
  await mkdir(userDataDir, { recursive: true });
  const child = spawn(
    codeServerNode(folder),
    [
      codeServerEntry(folder),
      ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
      ...['--user-data-dir', userDataDir, '--extensions-dir', extensionsDir],
      ...['--config', path.join(userDataDir, 'code-server.yaml')],
      ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
      '--disable-getting-started-override',
      workspace,
    ],
    { env: environment(env), stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let output = '';
  const keep = (chunk) => {
    output = (output + chunk).slice(-20_000);
    onOutput?.(String(chunk));
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise((resolve) => child.once('close', resolve));
  const server = {
    port,
    origin: `http://127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}`,
    pid: child.pid,
    ended,
    output: () => output,
    stop: () => stopGroup(child, ended),
  };
  try {
    await waitUntilHealthy(server, child, timeoutMs);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

async function waitUntilHealthy(server, child, timeoutMs) {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) break;
    try {
      const answer = await fetch(`${server.origin}/healthz`);
      if (answer.ok) return;
    } catch {
      // not listening yet
    }
    await wait(50);
  }
  throw new Failure(`code-server did not start on ${server.origin}:\n${server.output().slice(-3000)}`);
}

/** SIGTERM to the whole group, SIGKILL after 5 s. */
async function stopGroup(child, ended) {
  if (child.exitCode === null && child.signalCode === null) {
    signalGroup(child.pid, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), 5_000);
    await ended;
    clearTimeout(timer);
  }
  signalGroup(child.pid, 'SIGKILL'); // extension hosts that outlived it
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** A port that was free a moment ago. */
export function freePort() {
  return tryPort(0);
}

/** Whether nothing listens on this port of loopback. */
export async function isPortFree(port) {
  try {
    await tryPort(port);
    return true;
  } catch (error) {
    if (error.code === 'EADDRINUSE' || error.code === 'EACCES') return false;
    throw error;
  }
}

async function tryPort(wanted) {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(wanted, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}
