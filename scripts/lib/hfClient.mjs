import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from './cacheFolder.mjs';
import { Failure } from './failure.mjs';
import { withLock } from './lock.mjs';
import { run, whichOf } from './run.mjs';
import { say } from './say.mjs';

/** Python's official client, as tests and benches know it. */
export const hfClientVersion = '2.4.0';

const programs = process.platform === 'win32' ? 'Scripts' : 'bin';
const ending = process.platform === 'win32' ? '.exe' : '';

function folders() {
  const all = path.join(cacheFolder(), 'python');
  return { all, folder: path.join(all, `huggingface_hub-${hfClientVersion}`) };
}

/** Its programs, or undefined when it was never installed here. */
export function findHfClient() {
  const { folder } = folders();
  const program = (name) => path.join(folder, programs, `${name}${ending}`);
  // The Python that it was made from may have gone since.
  if (!existsSync(path.join(folder, '.complete')) || !existsSync(program('python'))) return undefined;
  return { version: hfClientVersion, python: program('python'), hf: program('hf') };
}

/**
 * Installs it into a virtual environment of its own in the cache, from the index that this machine's pip is set up
 * with. Throws a Failure when there is no Python with `venv`, or pip cannot fetch it.
 */
export async function provisionHfClient() {
  const found = findHfClient();
  if (found) return found;
  const { all, folder } = folders();
  await mkdir(all, { recursive: true });
  await withLock(path.join(cacheFolder(), 'locks', 'hf-client.lock'), () => install(folder), {
    what: "Python's Hugging Face client",
  });
  const installed = findHfClient();
  if (!installed) throw new Failure(`${folder} was not made.`);
  return installed;
}

async function install(folder) {
  if (findHfClient()) return;
  say(`installing huggingface_hub ${hfClientVersion} into ${folder}`);
  const python = await whichOf(['python3', 'python', 'py']);
  if (!python) throw new Failure('Python was not found. Install Python 3 with its venv module.');
  // A virtual environment's programs name their own folder: it is made where it will stay.
  await rm(folder, { recursive: true, force: true });
  await run(python, ['-m', 'venv', folder]);
  const own = path.join(folder, programs, `python${ending}`);
  await run(own, ['-m', 'pip', 'install', '--quiet', `huggingface_hub==${hfClientVersion}`]);
  const stamp = path.join(folder, '.complete');
  await writeFile(`${stamp}.new`, hfClientVersion);
  await rename(`${stamp}.new`, stamp);
}
