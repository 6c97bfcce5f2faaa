import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from './failure.mjs';

/**
 * Runs a program to its end without a shell. Output is kept, and shown too when `show` is set.
 * A program that is missing or fails throws a Failure with the tail of what it printed.
 * `allowFailure` gives the result back instead; `signal` ends the program. stdin is closed: nothing here may wait for a person.
 */
export async function run(command, args, { cwd, env, show = false, allowFailure = false, signal } = {}) {
  const stdio = ['ignore', 'pipe', 'pipe'];
  const child = spawn(command, args, { cwd, env: env ?? process.env, stdio, signal });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    if (show) process.stdout.write(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    if (show) process.stderr.write(chunk);
  });
  const result = await new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: -1, error }));
    child.on('close', (code, signal) => resolve({ code: code ?? -1, signal }));
  });
  const ok = result.code === 0;
  if (ok || allowFailure) return { ok, code: result.code, stdout, stderr };
  const line = [path.basename(command), ...args].join(' ');
  if (result.error) throw new Failure(`${line}: ${result.error.message}`, { cause: result.error });
  const tail = `${stdout}\n${stderr}`.trim().split('\n').slice(-15).join('\n');
  const end = result.signal ? `was ended by ${result.signal}` : `ended with code ${result.code}`;
  throw new Failure(`${line} ${end}:\n${tail}`);
}

/** The full path of a program on the PATH, or undefined. On Windows PATHEXT's endings are tried. */
export async function which(name, { env = process.env, platform = process.platform } = {}) {
  const p = platform === 'win32' ? path.win32 : path.posix;
  const endings = platform === 'win32' ? (env.PATHEXT || '.EXE;.CMD;.BAT').split(';') : [''];
  const folders = (env.PATH ?? env.Path ?? '').split(p.delimiter).filter(Boolean);
  for (const folder of folders) {
    for (const ending of endings) {
      const file = p.join(folder, name + ending.toLowerCase());
      if (await isProgram(file)) return file;
    }
  }
  return undefined;
}

/** The first of several programs that is on the PATH. */
export async function whichOf(names, options) {
  for (const name of names) {
    const file = await which(name, options);
    if (file) return file;
  }
  return undefined;
}

async function isProgram(file) {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false; // absent or not ours to run: the same answer
  }
}
