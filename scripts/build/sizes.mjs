// What each entry point may make a process or a page load at once, in bytes: a heavy import in the wrong place fails
// the build instead of slowing every start.
const budgets = {
  'dist/extension/extension.js': 32_000,
  'dist/extension/studio.js': 900_000,
  'dist/backend/main.js': 1_400_000,
  'dist/backend/trainer.js': 1_900_000,
  'dist/backend/inference.js': 2_700_000,
  'dist/webviews/dataset.js': 740_000,
  'dist/webviews/audio.js': 900_000,
  'dist/webviews/model.js': 800_000,
  'dist/webviews/playground.js': 900_000,
  'dist/webviews/training.js': 950_000,
};

/** The bytes of an output and of everything it imports statically, from an esbuild metafile. */
export function loadedAtOnce(metafile, output, seen = new Set()) {
  if (seen.has(output)) return 0;
  seen.add(output);
  const { bytes, imports } = metafile.outputs[output];
  return imports
    .filter(({ kind, path }) => kind === 'import-statement' && metafile.outputs[path] !== undefined)
    .reduce((sum, { path }) => sum + loadedAtOnce(metafile, path, seen), bytes);
}

/** Throws for an entry point over its budget. */
export function checkSizes(metafile, limits = budgets) {
  for (const [output, limit] of Object.entries(limits)) {
    if (metafile.outputs[output] === undefined) continue;
    const bytes = loadedAtOnce(metafile, output);
    if (bytes <= limit) continue;
    throw new Error(
      `${output} makes ${bytes} bytes load at once; at most ${limit} may. Import what is heavy with import() where it is needed, or raise the budget in scripts/build/sizes.mjs with the reason.`,
    );
  }
}
