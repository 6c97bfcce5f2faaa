// Trains the Persian pronunciation model that ships with Goya and packs it: `npm run train:g2p [-- --engine wasm]`.
// The config and the data are those of samples/workspace; the result replaces assets/g2p-fa.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { errorRates, readLexicon } from './g2p/measure.mjs';
import { packModel } from './g2p/pack.mjs';
import { BackendClient } from './lib/backendClient.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { root } from './lib/project.mjs';
import { train } from './demo/train.mjs';
import { Watcher } from './demo/watcher.mjs';

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'auto' },
    out: { type: 'string', default: path.join(root, 'assets', 'g2p-fa') },
  },
});
const config = 'pronunciation.train.json';
const lexicon = path.join('data', 'lexicon');
const samples = path.join(root, 'samples', 'workspace');

await ensureBuilt(root);
const workspace = await mkdtemp(path.join(tmpdir(), 'goya-g2p-'));
await cp(path.join(samples, config), path.join(workspace, config));
await cp(path.join(samples, lexicon), path.join(workspace, lexicon), { recursive: true });
const client = new BackendClient(root, { env: { DATABASE_URL: '' } });
try {
  await client.call('initialize', {
    protocolVersion: 1,
    client: { name: 'goya-train-g2p', version: '1' },
    storagePath: path.join(workspace, '.goya'),
    modelsPath: path.join(workspace, 'models'),
    workspacePath: workspace,
    trusted: true,
    settings: { training: { engine: values.engine } },
  });
  client.runs = new Watcher();
  await client.subscribe('runs', client.runs.hear);
  const tell = (line) => console.log(line);
  const run = await train(client, tell, path.join(workspace, config));
  await packModel(run.outputPath, values.out, path.join(samples, lexicon, 'LICENSE'));
  const held = await readLexicon(path.join(samples, lexicon, 'dev.tsv'));
  const started = performance.now();
  const { output } = await client.call('inference/run', {
    modelPath: values.out,
    input: { values: held.map(({ word }) => word) },
  });
  const milliseconds = (performance.now() - started) / held.length;
  const { per, wer } = errorRates(
    held,
    output.values.words.map(({ phonemes }) => phonemes),
  );
  const percent = (share) => `${(100 * share).toFixed(2)} %`;
  tell(
    `packed in ${values.out}: PER ${percent(per)}, WER ${percent(wer)} on ${held.length} words of unseen stems, ${milliseconds.toFixed(2)} ms a word`,
  );
} finally {
  await client.stop();
  await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
}
