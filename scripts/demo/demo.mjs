import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startHub } from '../../tests/fixtures/hub/server.mjs';
import { BackendClient } from '../lib/backendClient.mjs';
import { describeModel, fetchModel, verifyFiles } from './download.mjs';
import { makeDigitsRepository } from './hubModel.mjs';
import { encodeRow, loadModel, predict } from './plainTfjs.mjs';
import { largestDifference, must, Steps } from './steps.mjs';
import { readTable } from './table.mjs';
import { train } from './train.mjs';
import { Watcher } from './watcher.mjs';
import { pronounce, trainPronunciation, useNames } from './words.mjs';

/** float32 on different engines: sums in another order differ by this much at most on these small models. */
const tolerance = 1e-4;

/** Of what learns on with little gain: the demo is to be over in two or three minutes. */
const enough = { 'names.train.json': 6 };

/** Search → plan → download → verify → train → checkpoints → inference, each step proved. */
export class Demo {
  steps = new Steps();

  constructor({ root, folder, online, engine, repo, epochs }) {
    Object.assign(this, { root, folder, online, engine, repo, epochs });
    this.workspace = path.join(folder, 'workspace');
  }

  async run() {
    await cp(path.join(this.root, 'samples', 'workspace'), this.workspace, { recursive: true });
    await this.adaptConfigs();
    if (!this.online)
      await this.steps.step('A hub on loopback, with a model made by tf.js', (tell) => this.openHub(tell));
    await this.steps.step('The backend, over JSON-RPC on its standard streams', (tell) =>
      this.openBackend(tell),
    );
    await this.steps.step('Search and download', (tell) => this.download(tell));
    if (!this.online) await this.steps.step('Use the downloaded model', (tell) => this.useDownloaded(tell));
    await this.steps.step('A config with a mistake', (tell) => this.mistake(tell));
    const table = await this.steps.step('Train on a table', (tell) =>
      train(this.client, tell, path.join(this.workspace, 'iris.train.json')),
    );
    await this.steps.step('Use it, in the backend and in plain tf.js', (tell) => this.useTable(tell, table));
    const sound = await this.steps.step('Train on Persian keywords', (tell) =>
      train(this.client, tell, path.join(this.workspace, 'keywords.train.json')),
    );
    await this.steps.step('Listen with it', (tell) => this.useSound(tell, sound));
    await this.readWords();
    await this.steps.step('What the library holds now', (tell) => this.library(tell));
  }

  async readWords() {
    const names = await this.steps.step('Train on Persian names', (tell) =>
      train(this.client, tell, path.join(this.workspace, 'names.train.json')),
    );
    await this.steps.step('Tell names apart with it', (tell) =>
      useNames(this.client, tell, names, this.workspace),
    );
    const spoken = await this.steps.step('Train on how words are pronounced', (tell) =>
      trainPronunciation(this.client, tell, this.workspace),
    );
    await this.steps.step('Pronounce a sentence', (tell) => pronounce(this.client, tell, spoken));
  }

  /** A config's own `engine` goes before the setting, and its epochs are many: the copies say what was asked for here. */
  async adaptConfigs() {
    for (const name of await readdir(this.workspace)) {
      if (!name.endsWith('.train.json')) continue;
      const file = path.join(this.workspace, name);
      const text = await readFile(file, 'utf8');
      const engine = text.replace(/("engine":\s*)"auto"/, `$1"${this.engine}"`);
      await writeFile(
        file,
        engine.replace(
          /("epochs":\s*)(\d+)/,
          (_, key, n) => key + Math.min(n, this.epochs, enough[name] ?? n),
        ),
      );
    }
  }

  async close() {
    await this.client?.stop();
    await this.hub?.close();
  }

  async openHub(tell) {
    this.digits = await makeDigitsRepository(path.join(this.workspace, 'data', 'digits.csv'));
    this.hub = await startHub();
    this.repo = 'goya-demo/digits-mlp-fa';
    await this.hub.add(this.repo, this.digits.files, {
      tags: ['tfjs', 'fa', 'license:mit'],
      pipeline_tag: 'tabular-classification',
      downloads: 12,
      likes: 3,
    });
    // A bad line: slow, and cut once in the middle of the weights.
    this.hub.fault({ host: 'cdn', dropAfter: 500_000, bytesPerSecond: 2_000_000, times: 1 });
    this.hub.fault({ host: 'cdn', bytesPerSecond: 2_000_000 });
    tell(`${this.repo} at ${this.hub.url}; its line is slow and will break once`);
  }

  async openBackend(tell) {
    const env = { DATABASE_URL: '', HF_HOME: path.join(this.folder, 'hf-home') };
    const client = new BackendClient(this.root, { env });
    this.client = client;
    const endpoint = this.hub ? { hub: { endpoint: this.hub.url } } : {};
    const answer = await client.call('initialize', {
      protocolVersion: 1,
      client: { name: 'goya-demo', version: '1' },
      storagePath: path.join(this.folder, 'storage'),
      modelsPath: path.join(this.workspace, 'models'),
      workspacePath: this.workspace,
      trusted: true,
      settings: { ...endpoint, training: { engine: this.engine } },
    });
    tell(`initialize answered ${(performance.now() - client.spawnedAt).toFixed(0)} ms after the spawn`);
    for (const { name, available, version, reason } of answer.engines)
      tell(`engine ${name}: ${available ? `yes ${version ?? ''}` : `no, ${reason}`}`);
    client.downloads = new Watcher();
    client.runs = new Watcher();
    await client.subscribe('downloads', client.downloads.hear);
    await client.subscribe('runs', client.runs.hear);
    const health = await client.call('health/check');
    for (const { name, ok, detail, ms } of health.checks)
      tell(`${name}: ${ok ? 'ok' : 'NOT OK'} (${ms.toFixed(0)} ms) ${detail}`);
    must(health.status === 'healthy', `the backend is ${health.status}`);
  }

  async download(tell) {
    const query = this.online
      ? { query: 'tts', language: 'fa', sort: 'downloads' }
      : { query: 'digits', language: 'fa' };
    const { models } = await this.client.call('hub/search', { ...query, limit: 5 });
    for (const { repoId, downloads, likes, licence } of models)
      tell(`found ${repoId} · ${downloads} downloads · ${likes} likes · ${licence ?? 'no licence given'}`);
    const repoId = this.repo ?? models[0]?.repoId;
    must(repoId !== undefined, 'the search found nothing');
    const model = await this.client.call('hub/model', { repoId });
    tell(
      `${repoId}: ${model.files.length} files; runs here: ${model.runsHere.verdict} (${model.runsHere.reason})`,
    );
    const download = await fetchModel(this.client, tell, { repoId });
    await verifyFiles(this.client, tell, { download, originals: this.digits?.files });
    const listed = (await this.client.call('models/list')).models.find((one) => one.repoId === repoId);
    must(listed?.status === 'ready', `${repoId} is not listed as ready`);
    const { ok, problems } = await this.client.call('models/verify', { id: listed.id });
    must(ok, `models/verify found ${problems.map((one) => `${one.file}: ${one.message}`).join(', ')}`);
    tell(`listed as a model, ${listed.sizeBytes} bytes, verified again by the backend`);
    this.downloaded = download.path;
  }

  async useDownloaded(tell) {
    const { sample, answer } = this.digits;
    const values = { shape: [1, sample.length], data: sample };
    const result = await this.client.call('inference/run', { modelPath: this.downloaded, input: { values } });
    const data = numbersOf(result.output.values);
    tell(
      `${await describeModel(this.downloaded)} on ${result.engine}: load ${result.timings.loadMs.toFixed(0)} ms, run ${result.timings.runMs.toFixed(1)} ms`,
    );
    const difference = largestDifference(data, answer);
    must(difference < tolerance, `the answers differ by ${difference} from the model that was uploaded`);
    tell(
      `answers equal those of the model before it went to the hub, largest difference ${difference.toExponential(1)}`,
    );
  }

  async mistake(tell) {
    const { problems, ok } = await this.client.call('training/validate', {
      config: {
        task: 'tabular-classification',
        name: 'x',
        data: { path: 'data/iris.csv', label: 'speices' },
      },
      basePath: this.workspace,
    });
    must(!ok, 'a label column that is not in the table was accepted');
    for (const problem of problems) tell(`${problem.severity} ${problem.path}: ${problem.message}`);
  }

  async useTable(tell, run) {
    const meta = JSON.parse(await readFile(path.join(run.outputPath, 'goya.json'), 'utf8'));
    const rows = await readTable(path.join(this.workspace, 'data', 'iris.csv'));
    const model = await loadModel(run.outputPath);
    let most = 0;
    for (const row of [rows[0], rows[75], rows.at(-1)]) {
      const { [meta.preprocessing.labelColumn]: truth, ...values } = row;
      const numeric = Object.fromEntries(Object.entries(values).map(([name, text]) => [name, Number(text)]));
      const { output, engine } = await this.client.call('inference/run', {
        modelPath: run.outputPath,
        input: { values: numeric },
      });
      const plain = predict(model, [encodeRow(numeric, meta.preprocessing)])[0];
      const scores = meta.labels.map((label) => output.labels.find((one) => one.label === label).score);
      const difference = largestDifference(scores, plain);
      most = Math.max(most, difference);
      tell(
        `${truth}: ${engine} says ${output.labels[0].label} (${output.labels[0].score.toFixed(6)}), plain tf.js ${Math.max(...plain).toFixed(6)}`,
      );
    }
    must(most < tolerance, `plain tf.js differs by ${most}`);
    tell(`largest difference to plain @tensorflow/tfjs: ${most.toExponential(1)}`);
  }

  async useSound(tell, run) {
    const folder = path.join(this.workspace, 'data', 'keywords');
    const words = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    let right = 0;
    for (const { name } of words) {
      const clips = (await readdir(path.join(folder, name))).filter((file) => file.endsWith('.wav')).sort();
      const audioPath = path.join(folder, name, clips.at(-1));
      const { output, timings } = await this.client.call('inference/run', {
        modelPath: run.outputPath,
        input: { audioPath },
      });
      const [best] = output.labels;
      if (best.label === name) right += 1;
      tell(
        `${name}/${clips.at(-1)} → ${best.label} (${best.score.toFixed(3)}, ${timings.runMs.toFixed(0)} ms)`,
      );
    }
    must(right >= words.length * 0.9, `only ${right} of ${words.length} words were heard right`);
  }

  async library(tell) {
    const { models } = await this.client.call('models/list');
    for (const model of models)
      tell(`${model.name} · ${model.type} · ${model.sizeBytes} bytes · ${model.status} · ${model.path}`);
    must(models.length >= 5, 'the downloaded and the four trained models should be listed');
  }
}

/** The numbers of a bare model's output, whatever it is wrapped in. */
function numbersOf(values) {
  if (Array.isArray(values))
    return values.flat(Infinity).flatMap((value) => (typeof value === 'number' ? [value] : numbersOf(value)));
  if (values && typeof values === 'object')
    return 'data' in values ? numbersOf(values.data) : numbersOf(Object.values(values)[0]);
  return [];
}
