// What Goya must reach, measured on the built backend: `npm run bench [-- NAME …]`, all benches without a name.
// `hub` stands for every bench of downloads. Options: --runs N, --database URL,
// --engine NAME (models:vits on one engine), --only NAME (models:transformers, cases whose names begin so).
import { ensureBuilt } from '../scripts/lib/build.mjs';
import { Failure, runMain } from '../scripts/lib/failure.mjs';
import { root } from '../scripts/lib/project.mjs';
import { say } from '../scripts/lib/say.mjs';
import { words } from './lib/options.mjs';
import { Report } from './lib/report.mjs';

/** Loaded when they run: one that another machine cannot load does not stop the rest. */
const benches = {
  startup: async () => (await import('./startup.mjs')).startup,
  studio: async () => (await import('./studio.mjs')).studio,
  steps: async () => (await import('./steps.mjs')).steps,
  overhead: async () => (await import('./overhead.mjs')).overhead,
  metrics: async () => (await import('./metrics.mjs')).metrics,
  'models:vits': async () => (await import('./models.mjs')).vits,
  'models:transformers': async () => (await import('./transformers.mjs')).transformers,
  g2p: async () => (await import('./g2p.mjs')).g2p,
  audio: async () => (await import('./audio.mjs')).audio,
  datasets: async () => (await import('./datasets.mjs')).datasets,
  'hub:large': async () => (await import('./hub/large.mjs')).large,
  'hub:small': async () => (await import('./hub/small.mjs')).small,
  'hub:load': async () => (await import('./hub/load.mjs')).load,
  'hub:kills': async () => (await import('./hub/kills.mjs')).kills,
  'hub:cancel': async () => (await import('./hub/cancel.mjs')).cancel,
};

await runMain(async () => {
  const names = Object.keys(benches);
  const wanted = words();
  const unknown = wanted.find((word) => !names.some((name) => matches(name, word)));
  if (unknown !== undefined) throw new Failure(`${unknown} is unknown here: hub, ${names.join(', ')}`);
  await ensureBuilt(root);
  const report = new Report();
  for (const name of names) {
    if (wanted.length > 0 && !wanted.some((word) => matches(name, word))) continue;
    say(name);
    await (
      await benches[name]()
    )(report);
  }
  return report.print() > 0 ? 1 : 0;
});

function matches(name, word) {
  return name === word || name.startsWith(`${word}:`);
}
