import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from './failure.mjs';
import { listZip } from './zip.mjs';

const largestBytes = 15_000_000;

/** What may ship, by its place in the package. Anything else is a mistake in .vscodeignore. */
const mayShip = [
  /^extension\/dist\/(?:extension|backend|webviews|sdk)\//,
  /^extension\/(?:media|l10n|docs\/images)\//,
  /^extension\/package(?:\.nls(?:\.[a-z-]+)?)?\.json$/,
  /^extension\/(?:schema\.sql|readme\.md|changelog\.md|LICENSE(?:\.txt)?)$/i,
  /^extension\.vsixmanifest$/,
  /^\[Content_Types\]\.xml$/,
];
const mustShip = [
  'extension/dist/extension/extension.js',
  'extension/dist/backend/main.js',
  'extension/package.json',
];

/** The file that `npm run package` makes. */
export async function vsixFile(root) {
  const { name, version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  return path.join(root, 'dist', `${name}-${version}.vsix`);
}

/** Packages dist/ as it stands, and refuses what should not ship. Everything is bundled: no node_modules inside. */
export async function packageVsix({ root, file }) {
  const { createVSIX } = await import('@vscode/vsce');
  await quietly(() =>
    createVSIX({
      cwd: root,
      packagePath: file,
      dependencies: false,
      allowMissingRepository: true,
      rewriteRelativeLinks: false, // the readme's pictures ship with it
    }),
  );
  const names = (await listZip(file)).map((entry) => entry.name).filter((name) => !name.endsWith('/'));
  checkNames(names);
  const { size } = await stat(file);
  if (size > largestBytes)
    throw new Failure(
      `${file} has ${size} bytes; at most ${largestBytes} may ship. Look into dist/meta-*.json.`,
    );
  return { file, size, files: names.length };
}

/** Throws when a packed name is strange or a needed one is missing. */
export function checkNames(names) {
  const strange = names.filter((name) => !mayShip.some((pattern) => pattern.test(name)));
  if (strange.length > 0)
    throw new Failure(`These files do not belong in the package: ${strange.join(', ')}`);
  const missing = mustShip.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Failure(`The package lacks ${missing.join(', ')}`);
}

/** vsce prints a page of text on success; its failures are thrown. What it warns of would be seen by who publishes. */
async function quietly(work) {
  const { log, warn } = console;
  const warnings = [];
  console.log = () => {};
  console.warn = (...words) => warnings.push(words.map(String).join(' '));
  try {
    await work();
  } finally {
    Object.assign(console, { log, warn });
  }
  if (warnings.length > 0) throw new Failure(`vsce warns: ${warnings.join('\n')}`);
}
