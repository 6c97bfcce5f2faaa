// Builds the native TensorFlow engine into the cache: `node scripts/provision-tensorflow.mjs [--force]`.
// Needs a C++ compiler, Python with pip and 1.2 GB; nothing but a Python package index is asked.
import { cacheFolder } from './lib/cacheFolder.mjs';
import { runMain } from './lib/failure.mjs';
import { root } from './lib/project.mjs';
import { say } from './lib/say.mjs';
import { repositoryKit } from './lib/tensorflow/kit.mjs';
import { provisionTensorflow } from './lib/tensorflow/provision.mjs';

await runMain(async () => {
  const force = process.argv.includes('--force');
  const folder = await provisionTensorflow({ kit: repositoryKit(root), cache: cacheFolder(), force });
  say(`native TensorFlow engine: ${folder}`);
});
