// Builds and packages the extension: `npm run package [-- --no-build] [--out FILE]` → dist/goya-studio-<version>.vsix.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Failure, runMain } from './lib/failure.mjs';
import { inRoot, root } from './lib/project.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { run } from './lib/run.mjs';
import { bytesText, say } from './lib/say.mjs';
import { listZip } from './lib/zip.mjs';

const largestBytes = 15_000_000;

/** What may ship, by its place in the package. Anything else is a mistake in .vscodeignore. */
const mayShip = [
  /^extension\/dist\/(?:extension|backend|webviews)\//,
  /^extension\/media\//,
  /^extension\/package(?:\.nls(?:\.[a-z-]+)?)?\.json$/,
  /^extension\/(?:schema\.sql|readme\.md|changelog\.md|LICENSE\.txt)$/i,
  /^extension\.vsixmanifest$/,
  /^\[Content_Types\]\.xml$/,
];
const mustShip = [
  'extension/dist/extension/extension.js',
  'extension/dist/backend/main.js',
  'extension/package.json',
];

await runMain(async () => {
  await ensureDependencies(root);
  if (!process.argv.includes('--no-build')) {
    say('building');
    await run(process.execPath, [inRoot('esbuild.mjs')], { cwd: root });
  }
  const { version } = JSON.parse(await readFile(inRoot('package.json'), 'utf8'));
  const at = process.argv.indexOf('--out');
  const file = at > 0 ? path.resolve(process.argv[at + 1]) : inRoot('dist', `goya-studio-${version}.vsix`);
  const { createVSIX } = await import('@vscode/vsce');
  // Everything is bundled into dist: no node_modules in the package. The licence and the readme are checked in.
  await createVSIX({
    cwd: root,
    packagePath: file,
    dependencies: false,
    allowMissingRepository: true,
    skipLicense: false,
    allowStarActivation: false,
  });
  await check(file);
});

async function check(file) {
  const names = (await listZip(file)).map((entry) => entry.name).filter((name) => !name.endsWith('/'));
  const strange = names.filter((name) => !mayShip.some((pattern) => pattern.test(name)));
  if (strange.length > 0)
    throw new Failure(`These files do not belong in the package: ${strange.join(', ')}`);
  const missing = mustShip.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Failure(`The package lacks ${missing.join(', ')}`);
  const { size } = await stat(file);
  if (size > largestBytes)
    throw new Failure(`${file} is ${bytesText(size)}; at most ${bytesText(largestBytes)} may ship`);
  say(`${file}: ${bytesText(size)}, ${names.length} files`);
}
