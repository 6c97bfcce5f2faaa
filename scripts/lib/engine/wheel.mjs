import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../failure.mjs';
import { sha256File } from '../hash.mjs';
import { findPythonWithPip } from '../python.mjs';
import { run } from '../run.mjs';
import { bytesText, say } from '../say.mjs';

/**
 * The wheel in the cache, downloaded through pip when it is missing or damaged, so that the person's own
 * package index, mirror and proxy settings hold. Its sha256 is the one recorded in the project.
 */
export async function wheelFile(cache, wheel) {
  const folder = path.join(cache, 'wheels');
  const file = path.join(folder, `${wheel.sha256.slice(0, 16)}.whl`);
  if (existsSync(file)) {
    if ((await sha256File(file)) === wheel.sha256) return file;
    say(`the cached wheel of ${wheel.what} is damaged: fetching it again`);
    await rm(file, { force: true });
  }
  await mkdir(folder, { recursive: true });
  const aside = await mkdtemp(path.join(folder, '.download-'));
  try {
    await rename(await download(wheel, aside), file);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  say(`${wheel.what} wheel: ${bytesText((await stat(file)).size)}, sha256 as recorded`);
  return file;
}

async function download(wheel, folder) {
  const python = await findPythonWithPip();
  say(`downloading ${wheel.requirement} (about ${wheel.size}) with pip`);
  const requirements = path.join(folder, 'requirements.txt');
  await writeFile(requirements, `${wheel.requirement} --hash=sha256:${wheel.sha256}\n`);
  const platforms = wheel.platforms.flatMap((name) => ['--platform', name]);
  const result = await run(
    python.command,
    [
      ...python.args,
      ...['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes'],
      ...['--disable-pip-version-check', '--no-input', '--no-cache-dir'],
      ...['--python-version', wheel.pythonVersion, '--implementation', 'cp', ...platforms],
      ...['--dest', folder, '--requirement', requirements],
    ],
    { allowFailure: true },
  );
  if (!result.ok) {
    const tail = result.stderr.trim().split('\n').slice(-6).join('\n');
    throw new Failure(
      `pip could not download ${wheel.requirement}. Check the connection, or point pip at a package index ` +
        `that you can reach (pip config set global.index-url …), then run this again.\n${tail}`,
    );
  }
  const name = (await readdir(folder)).find((entry) => entry.endsWith('.whl'));
  if (!name) throw new Failure(`pip ended well but left no wheel of ${wheel.requirement}`);
  const file = path.join(folder, name);
  const actual = await sha256File(file);
  if (actual !== wheel.sha256)
    throw new Failure(`${name}: sha256 is ${actual}, ${wheel.sha256} was expected; the file was not used`);
  return file;
}
