/** Loads models, keeps the last few, and runs them: what the inference process does. */
import { z } from 'zod';
import type { BareModel } from '../../ml/bare/bareModel';
import { loadBare } from '../../ml/bare/loadBare';
import { classifyAudio } from '../../ml/trained/audio';
import { disposeTrained, loadTrained, readMetadata, type TrainedModel } from '../../ml/trained/load';
import { classifyRows, valuesOfRows } from '../../ml/trained/tabular';
import { classifyTexts } from '../../ml/trained/text';
import { voiceOf } from '../../ml/trained/voice';
import type { InferenceParams, InferenceResult } from '../../protocol/model/inference';
import { StudioError } from '../../protocol/wire/errors';
import type { LoadedEngine } from '../training/engines/load';
import { bareTasks, runBare } from './bareModel';
import { encoderBeside } from './encoder';
import { hear } from './hear';
import { phonemize } from './phonemize';
import { openModelFolder, toModelError, type ModelFolder } from './modelFolder';
import { answerOf, Published, type RunWork } from './published';
import { openPublishedFolder, type PublishedFolder } from './publishedFolder';
import { readMono } from './sound';

/** A model as loaded: trained here, or one that says nothing about itself. */
type Loaded = { readonly trained: TrainedModel } | { readonly bare: BareModel };

/** Models kept in memory. */
const kept = 3;

/** Nobody listens, and nobody stops it. */
const alone: RunWork = { signal: new AbortController().signal, watched: false, onProgress: () => undefined };

/** More at once are a job for several calls. */
const mostTexts = 1000;
const texts = z.array(z.string()).min(1).max(mostTexts);
const rows = z.union([z.record(z.string(), z.unknown()), z.array(z.record(z.string(), z.unknown())).min(1)]);

export class ModelRunner {
  /** By folder and version; the least lately used first. */
  private readonly models = new Map<string, Loaded>();

  /** The last downloaded one that was asked. */
  private published: Published | undefined;

  constructor(private readonly engine: LoadedEngine) {}

  async run(params: InferenceParams, work: RunWork = alone): Promise<InferenceResult> {
    const published = await openPublishedFolder(params.modelPath);
    if (published !== undefined) return this.ask(published, params, work);
    const start = performance.now();
    const folder = await openModelFolder(params.modelPath);
    try {
      const model = await this.load(folder);
      const loadMs = performance.now() - start;
      const answer = await this.answer(model, params, folder, work);
      const { audioSeconds, runMs, ...rest } = answer;
      const timings = { loadMs, runMs, ...(audioSeconds === undefined ? {} : { audioSeconds }) };
      return { ...rest, engine: this.engine.name, timings };
    } catch (error) {
      throw toModelError(error, folder.path);
    }
  }

  dispose(): void {
    for (const model of this.models.values()) disposeLoaded(model);
    this.models.clear();
    this.forget();
  }

  /** Downloaded models go before the next one is read: both may not fit into memory. */
  private forget(): void {
    this.published?.dispose();
    this.published = undefined;
  }

  private async ask(
    folder: PublishedFolder,
    params: InferenceParams,
    work: RunWork,
  ): Promise<InferenceResult> {
    const start = performance.now();
    try {
      const model = await this.publishedOf(folder);
      const loadMs = performance.now() - start;
      const { audioSeconds, ...answer } = await model.answer(params, work);
      const runMs = performance.now() - start - loadMs;
      const timings = { loadMs, runMs, ...(audioSeconds === undefined ? {} : { audioSeconds }) };
      return { ...answer, engine: this.engine.name, timings };
    } catch (error) {
      throw toModelError(error, folder.path);
    }
  }

  private async publishedOf(folder: PublishedFolder): Promise<Published> {
    const known = this.published;
    if (known?.folder.path === folder.path && known.folder.version === folder.version) return known;
    this.forget();
    return (this.published = await Published.load(folder));
  }

  private async load(folder: ModelFolder): Promise<Loaded> {
    const key = `${folder.path}\n${folder.version}`;
    const known = this.models.get(key);
    this.models.delete(key);
    const model = known ?? (await read(folder));
    this.models.set(key, model);
    for (const [oldest, old] of this.models) {
      if (this.models.size <= kept) break;
      disposeLoaded(old);
      this.models.delete(oldest);
    }
    return model;
  }

  private async answer(
    model: Loaded,
    params: InferenceParams,
    folder: ModelFolder,
    work: RunWork,
  ): Promise<Answer> {
    const start = performance.now();
    const since = (): number => performance.now() - start;
    if ('bare' in model) {
      const task = bareTasks[model.bare.format];
      requireTask(params, task, folder);
      const { values, ...heard } = await runBare(model.bare, params, work.signal);
      return { task, output: { values }, runMs: since(), ...heard };
    }
    const { trained } = model;
    const { task, preprocessing } = trained.metadata;
    requireTask(params, task, folder);
    if (preprocessing.kind === 'tabular') {
      const given = rowsOf(params, trained);
      if (trained.metadata.answers === 'values') {
        const amounts = await valuesOfRows(trained, Array.isArray(given) ? given : [given]);
        return { task, output: { values: Array.isArray(given) ? amounts : amounts[0] }, runMs: since() };
      }
      const scores = await classifyRows(trained, Array.isArray(given) ? given : [given]);
      const values = Array.isArray(given) ? { values: scores } : {};
      return { task, output: { labels: scores[0] ?? [], ...values }, runMs: since() };
    }
    if (preprocessing.kind === 'graphemes') {
      const output = await phonemize(trained, params.input);
      return { task, output, runMs: since() };
    }
    if (preprocessing.kind === 'text') {
      const given = textsOf(params, trained);
      const scores = await classifyTexts(trained, Array.isArray(given) ? given : [given]);
      const values = Array.isArray(given) ? { values: scores } : {};
      return { task, output: { labels: scores[0] ?? [], ...values }, runMs: since() };
    }
    if (preprocessing.kind === 'voice') {
      const voice = voiceOf(trained);
      const { output, audioSeconds = 0 } = await answerOf(voice, folder.path, params, work);
      const unspoken = voice.unspoken();
      const left = unspoken.length === 0 ? {} : { values: { unspoken } };
      return { task, output: { ...output, ...left }, runMs: since(), audioSeconds };
    }
    const { samples, sampleRate } = await readClip(params, trained);
    if (preprocessing.kind === 'speech' || preprocessing.kind === 'encodedSpeech') {
      const { text, words, audioSeconds } = await hear(trained, samples, sampleRate, work);
      return { task, output: { text, values: words }, runMs: since(), audioSeconds };
    }
    const labels = await classifyAudio(trained, samples, sampleRate);
    return { task, output: { labels }, runMs: since(), audioSeconds: samples.length / sampleRate };
  }
}

interface Answer {
  readonly task: string;
  readonly output: InferenceResult['output'];
  readonly runMs: number;
  readonly audioSeconds?: number;
}

async function read(folder: ModelFolder): Promise<Loaded> {
  const metadata = await readMetadata(folder.files);
  if (metadata === undefined) return { bare: await loadBare(folder.files) };
  return { trained: await loadTrained(folder.files, { openEncoder: encoderBeside(folder.path) }) };
}

function disposeLoaded(model: Loaded): void {
  if ('bare' in model) model.bare.dispose();
  else disposeTrained(model.trained);
}

function requireTask(params: InferenceParams, task: string, folder: ModelFolder): void {
  if (params.task === undefined || params.task === task) return;
  throw new StudioError(
    'model.unsupported',
    `${folder.path} is a model for ${task}, not for ${params.task}.`,
    {
      details: { path: folder.path, task },
    },
  );
}

function rowsOf(params: InferenceParams, { metadata }: TrainedModel): z.output<typeof rows> {
  const parsed = rows.safeParse(params.input.values);
  if (parsed.success) return parsed.data;
  const { preprocessing } = metadata;
  const columns = preprocessing.kind === 'tabular' ? preprocessing.columns.map((column) => column.name) : [];
  throw new StudioError(
    'inference.invalidInput',
    `"${metadata.name}" needs input.values as one row {column: value} or a list of rows, with the columns ${columns.join(', ')}.`,
    { details: { columns } },
  );
}

/** `input.text`, or a list of texts as `input.values`. */
function textsOf({ input }: InferenceParams, { metadata }: TrainedModel): string | string[] {
  if (input.text !== undefined) return input.text;
  const parsed = texts.safeParse(input.values);
  if (parsed.success) return parsed.data;
  throw new StudioError(
    'inference.invalidInput',
    `"${metadata.name}" reads: it needs input.text, or input.values as a list of texts.`,
  );
}

async function readClip(
  params: InferenceParams,
  { metadata }: TrainedModel,
): Promise<{ samples: Float32Array; sampleRate: number }> {
  const { audioPath } = params.input;
  if (audioPath === undefined) {
    throw new StudioError(
      'inference.invalidInput',
      `"${metadata.name}" listens: it needs input.audioPath, a wav, mp3, flac or ogg file.`,
    );
  }
  return readMono(audioPath);
}
