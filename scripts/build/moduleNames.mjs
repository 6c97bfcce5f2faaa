/**
 * Names the backend's shared modules `.mjs`, which is what Node calls them. `vsce` counts `.js` files, since VS Code's own
 * process waits for each that it loads; these are the backend's, loaded in its process when something needs them.
 */
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Renames `folder/chunks/*.js` and every mention of one in the outputs; the metafile with the new names. */
export async function nameModules(folder, metafile) {
  const chunks = path.join(folder, 'chunks');
  const names = new Set((await readdir(chunks)).filter((name) => name.endsWith('.js')));
  // A chunk's name ends in the hash of what is in it: no other text is one by chance.
  const renamed = (text) =>
    text.replaceAll(/[\w.-]+\.js\b/g, (name) => (names.has(name) ? moduleName(name) : name));
  for (const name of names) await rename(path.join(chunks, name), path.join(chunks, moduleName(name)));
  for (const name of await readdir(folder, { recursive: true })) {
    if (!/\.m?js$/.test(name)) continue;
    const file = path.join(folder, name);
    const text = await readFile(file, 'utf8');
    const result = renamed(text);
    if (result !== text) await writeFile(file, result);
  }
  return JSON.parse(renamed(JSON.stringify(metafile)));
}

function moduleName(name) {
  return name.replace(/\.js$/, '.mjs');
}
