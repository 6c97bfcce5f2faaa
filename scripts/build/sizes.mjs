// What each entry point may make a process or a page load at once, in bytes: a heavy import in the wrong place fails
// the build instead of slowing every start.
const budgets = {
  'dist/extension/extension.js': 32_000,
  'dist/extension/studio.js': 500_000,
  'dist/backend/main.js': 1_400_000,
  'dist/backend/trainer.js': 1_900_000,
  'dist/backend/inference.js': 2_700_000,
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

/** What a page, or what it loads later, may take at most, tf.js apart: a page opens while somebody waits. */
export const pageBudget = 400_000;

/** The bytes of an output and of everything it imports statically that are not tf.js's. */
export function withoutTensorFlow(metafile, output, seen = new Set()) {
  if (seen.has(output)) return 0;
  seen.add(output);
  const { bytes, inputs, imports } = metafile.outputs[output];
  const tensorFlow = Object.entries(inputs)
    .filter(([input]) => input.includes('node_modules/@tensorflow/'))
    .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
  return imports
    .filter(({ kind, path }) => kind === 'import-statement' && metafile.outputs[path] !== undefined)
    .reduce((sum, { path }) => sum + withoutTensorFlow(metafile, path, seen), bytes - tensorFlow);
}

/** Throws for a page, a part that a page loads later, or a page's worker over the budget of pages. */
export function checkPages(metafile, limit = pageBudget) {
  for (const output of Object.keys(metafile.outputs)) {
    if (!/^dist\/webviews\/.*\.js$/.test(output)) continue;
    const bytes = withoutTensorFlow(metafile, output);
    if (bytes <= limit) continue;
    throw new Error(
      `${output} makes a page load ${bytes} bytes at once without tf.js; at most ${limit} may. Import what is not needed at the start with import().`,
    );
  }
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
