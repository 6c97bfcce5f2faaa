import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { wheelFile } from '../engine/wheel.mjs';
import { Failure } from '../failure.mjs';
import { sha256File } from '../hash.mjs';
import { npm } from '../npm.mjs';
import { say } from '../say.mjs';
import { verifyOnnx } from './verify.mjs';

const trial = fileURLToPath(new URL('./trial', import.meta.url));

/** A checkout's parts of the engine: the package through npm, the wheel through pip. @returns {import('./provision.mjs').Kit} */
export const repositoryOnnxKit = {
  fetchPackage,
  fetchWheel: wheelFile,
  verify: (folder) => verifyOnnx({ trial, folder }),
};

/** The package in the cache, fetched by npm where it is missing, so that the person's own registry and proxy hold. */
async function fetchPackage(cache, { name, version, sha256 }) {
  const folder = path.join(cache, 'wheels');
  const file = path.join(folder, `${sha256.slice(0, 16)}.tgz`);
  if (existsSync(file) && (await sha256File(file)) === sha256) return file;
  await mkdir(folder, { recursive: true });
  const aside = await mkdtemp(path.join(folder, '.download-'));
  try {
    say(`downloading ${name} ${version} (about 11 MB) with npm`);
    await npm(['pack', '--silent', `--pack-destination=${aside}`, `${name}@${version}`], { cwd: aside });
    const packed = path.join(aside, (await readdir(aside)).find((one) => one.endsWith('.tgz')) ?? '');
    const actual = await sha256File(packed);
    if (actual !== sha256)
      throw new Failure(`${name}: sha256 is ${actual}, ${sha256} was expected; the file was not used`);
    await rename(packed, file);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return file;
}
