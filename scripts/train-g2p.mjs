// Trains the Persian pronunciation model that ships with Goya and packs it: `npm run train:g2p [-- --engine wasm]`.
// The config and the data are those of samples/workspace; the result replaces assets/g2p-fa. The lexicon of the words it learnt
// from is packed beside it: `text/phonemize` asks it first. The figures told here are the model's alone.
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { errorRates, readLexicon } from './g2p/measure.mjs';
import { packLexicon } from './g2p/lexicon.mjs';
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
  const read = async (name) => JSON.parse(await readFile(path.join(values.out, name), 'utf8'));
  const { preprocessing } = await read('goya.json');
  const packed = await packLexicon(
    path.join(samples, lexicon, 'train.tsv'),
    path.join(values.out, 'lexicon.tsv.gz'),
    preprocessing.ignored,
  );
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
  for (const row of (await read('metrics.json')).report.comparison) {
    tell(`${row.words}: ${row.of}: PER ${percent(row.PER)}, WER ${percent(row.WER)}`);
  }
  tell(`lexicon of ${packed.words} words, ${Math.ceil(packed.bytes / 1024)} KB`);
} finally {
  await client.stop();
  await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
}
