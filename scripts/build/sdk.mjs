// The types that an author of a plugin needs, as a package: `dist/sdk`, called goya-sdk. Types only: there is nothing to run.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

export async function writeSdk({ root, out }) {
  const folder = path.join(out, 'sdk');
  await mkdir(folder, { recursive: true });
  await cp(path.join(root, 'backend/sdk/published.ts'), path.join(folder, 'index.d.ts'));
  const { version, license, dependencies, devDependencies } = JSON.parse(
    await readFile(path.join(root, 'package.json'), 'utf8'),
  );
  const known = { ...devDependencies, ...dependencies };
  // What the types are written with; an author installs them to have them checked.
  const needed = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', 'zod'];
  const manifest = {
    name: 'goya-sdk',
    description: 'Types for training tasks that other extensions contribute to Goya.',
    version,
    license,
    types: 'index.d.ts',
    peerDependencies: Object.fromEntries(needed.map((name) => [name, known[name]])),
  };
  await writeFile(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
