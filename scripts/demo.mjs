// The whole flow through the built backend, without an editor, on real input:
// `npm run demo [-- --online] [--engine auto|tensorflow|wasm|cpu] [--epochs N] [--folder F] [--repo ORG/NAME]`.
// `--epochs` cuts the samples' epochs short, for a machine without the native engine.
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { Failure, runMain } from './lib/failure.mjs';
import { root } from './lib/project.mjs';
import { requirements } from './lib/requirements.mjs';
import { durationText, say } from './lib/say.mjs';

const usage = 'Use --online, --engine NAME, --epochs N, --folder F, --repo ORG/NAME.';

await runMain(async () => {
  const options = parse(process.argv.slice(2));
  const started = Date.now();
  await requirements.dependencies();
  await ensureBuilt(root);
  if (['auto', 'tensorflow'].includes(options.engine)) await nativeEngine(options.engine);
  const folder = options.folder ?? (await mkdtemp(path.join(os.tmpdir(), 'goya-demo-')));
  const { Demo } = await import('./demo/demo.mjs'); // needs node_modules
  const demo = new Demo({ ...options, folder, root });
  try {
    await demo.run();
  } finally {
    await demo.close();
  }
  say(`all of it worked, in ${durationText(Date.now() - started)}. Everything is in ${folder}`);
});

function parse(args) {
  const options = { online: false, engine: 'auto', folder: undefined, repo: undefined, epochs: Infinity };
  for (let i = 0; i < args.length; i += 1) {
    const name = args[i].replace(/^--/, '');
    if (name === 'online') options.online = true;
    else if (['engine', 'folder', 'repo'].includes(name) && args[i + 1]) options[name] = args[(i += 1)];
    else if (name === 'epochs' && Number(args[i + 1]) > 0) options.epochs = Number(args[(i += 1)]);
    else throw new Failure(`${args[i]} is unknown. ${usage}`);
  }
  return options;
}

async function nativeEngine(wanted) {
  try {
    await requirements.tensorflow();
  } catch (error) {
    if (!(error instanceof Failure) || wanted === 'tensorflow') throw error;
    say(`without the native engine: ${error.message}`);
  }
}
