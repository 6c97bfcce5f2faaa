import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { MlError } from '../errors';
import { CharacterPrior, priorFile } from '../ctc/characterPrior';
import { WordPrior } from '../ctc/wordPrior';
import { registerBlocks } from '../layers/blocks';
import { registerFrameBlocks } from '../layers/frameBlocks';
import { registerVoiceBlocks } from '../layers/voiceBlocks';
import type { SpeechEncoder } from '../speech/ear';
import { placeWidth } from '../voice/frames';
import { parseLexicon, type Lexicon } from '../voice/lexicon';
import { Vocoder } from '../voice/vocoder';
import {
  lexiconName,
  metadataFile,
  priorName,
  pronouncerFolder,
  trainedMetadata,
  wordsName,
  type EncodedSpeechPreprocessing,
  type TrainedMetadata,
  type VoicePreprocessing,
} from './metadata';
import {
  modelJson,
  parseJson,
  readWeights,
  weightBytes,
  type ModelFiles,
  type ModelJson,
} from './modelFiles';
import { audioFrames } from './audioFeatures';
import { tabularWidth } from './tabularFeatures';
import { textWidth } from './textFeatures';

export interface TrainedModel {
  /** The caller disposes it. */
  readonly model: LayersModel;
  readonly metadata: TrainedMetadata;
  /** Of a recogniser that has one. */
  readonly prior?: CharacterPrior;
  readonly words?: WordPrior;
  /** Of a recogniser that hears with a downloaded model. Whoever opened it disposes it. */
  readonly encoder?: SpeechEncoder;
  /** Of a voice: how words are said. */
  readonly lexicon?: Lexicon;
  readonly pronouncer?: TrainedModel;
  /** What makes its waveform, where that is not Griffin and Lim's way. */
  readonly vocoder?: Vocoder;
}

export interface LoadOptions {
  /** Opens the model that a recogniser hears with; without it such recognisers are refused. */
  readonly openEncoder?: (encoder: EncodedSpeechPreprocessing['encoder']) => Promise<SpeechEncoder>;
}

/** With all that came with it. */
export function disposeTrained({ model, encoder, pronouncer, vocoder }: TrainedModel): void {
  model.dispose();
  encoder?.dispose();
  vocoder?.dispose();
  pronouncer?.model.dispose();
}

const corrupt = (message: string, cause?: unknown) => new MlError('model.corrupt', message, { cause });
const reason = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** `goya.json`, or undefined for a model that was not trained here. Throws `model.corrupt`. */
export async function readMetadata(files: ModelFiles): Promise<TrainedMetadata | undefined> {
  const bytes = await files.read(metadataFile);
  return bytes === undefined ? undefined : parseJson(metadataFile, bytes, trainedMetadata);
}

/** Sizes that each need at least as many weights: a topology that asks for more lies, and would take all memory. */
const sizeKeys = new Set(['units', 'filters', 'input_dim', 'output_dim', 'inner']);

function checkTopology(value: unknown, weights: number): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (sizeKeys.has(key) && typeof child === 'number' && child > weights) {
      throw corrupt(`A layer of the model asks for ${key} = ${child}, which its weights cannot fill.`);
    }
    checkTopology(child, weights);
  }
}

/** Throws `model.corrupt`. */
export async function readModelJson(files: ModelFiles): Promise<ModelJson> {
  const bytes = await files.read('model.json');
  if (bytes === undefined) throw corrupt('The folder has no model.json.');
  return parseJson('model.json', bytes, modelJson);
}

/**
 * A tf.js layers model (`model.json` with its weights), checked before anything large is allocated.
 * Throws `model.corrupt` or `model.unsupported`.
 */
export async function loadLayers(files: ModelFiles): Promise<LayersModel> {
  return buildLayers(files, await readModelJson(files));
}

/** The same of a description that was read. */
export async function buildLayers(files: ModelFiles, json: ModelJson): Promise<LayersModel> {
  if (json.format === 'graph-model') {
    throw new MlError('model.unsupported', 'model.json holds a graph model where a layers model is needed.');
  }
  const weightSpecs = json.weightsManifest.flatMap((group) => group.weights);
  checkTopology(
    json.modelTopology,
    weightSpecs.reduce((sum, spec) => sum + weightBytes(spec), 0),
  );
  const weightData = await readWeights(files, json.weightsManifest);
  const artifacts = { modelTopology: json.modelTopology, weightSpecs, weightData };
  try {
    return await loadLayersModel({
      // The specs were checked above; exactOptionalPropertyTypes cannot tell.
      load: () => Promise.resolve(artifacts as Awaited<ReturnType<NonNullable<Handler['load']>>>),
    });
  } catch (error) {
    const [, layer] = /^Unknown layer: (\S+)\./.exec(reason(error)) ?? [];
    if (layer !== undefined) {
      const message = `The model has the layer "${layer}", which TensorFlow.js does not have.`;
      throw new MlError('model.unsupported', message, { cause: error });
    }
    throw corrupt(`TensorFlow.js cannot build the model of model.json: ${reason(error)}`, error);
  }
}
type Handler = Exclude<Parameters<typeof loadLayersModel>[0], string>;

/** The shape of one example that the metadata promises. */
function promisedInput({ preprocessing }: TrainedMetadata): (number | null)[] {
  switch (preprocessing.kind) {
    case 'tabular':
      return [tabularWidth(preprocessing.columns)];
    case 'audio':
      return [audioFrames(preprocessing), preprocessing.mels, 1];
    case 'text':
      return [textWidth(preprocessing)];
    case 'graphemes':
      return [null];
    case 'speech':
      return [null, preprocessing.mels];
    case 'encodedSpeech':
      return [null, preprocessing.width];
    case 'voice':
      return [null];
  }
}

function checkAgreement(model: LayersModel, metadata: TrainedMetadata): void {
  const { preprocessing } = metadata;
  if (preprocessing.kind === 'voice') {
    checkVoice(model, preprocessing, metadata.labels.length);
    return;
  }
  const input = model.inputs[0]?.shape.slice(1) ?? [];
  const wanted = promisedInput(metadata);
  const fits = input.length === wanted.length && wanted.every((n, i) => input[i] === null || input[i] === n);
  if (!fits || model.inputs.length !== 1) {
    throw corrupt(
      `The model takes [${input.join(', ')}], but ${metadataFile} prepares [${wanted.join(', ')}].`,
    );
  }
  const scores = model.outputs[0]?.shape.at(-1);
  if (scores === metadata.labels.length && model.outputs.length === 1) return;
  throw corrupt(
    `The model answers ${String(scores)} scores, but ${metadataFile} names ${metadata.labels.length} labels.`,
  );
}

/** A voice's two networks fit each other, the symbols and the bands. */
function checkVoice(model: LayersModel, { mels }: VoicePreprocessing, symbols: number): void {
  const [ids, frames, ...moreInputs] = model.inputs.map(({ shape }) => shape);
  // The last output is for training: what sounds are like whatever stands beside them.
  const [encoded, lengths, sound, alone, ...moreOutputs] = model.outputs.map(({ shape }) => shape);
  const known = model.layers.find(({ name }) => name === 'symbols')?.getWeights()[0]?.shape[0];
  const fits =
    moreInputs.length + moreOutputs.length === 0 &&
    ids?.length === 2 &&
    frames?.length === 3 &&
    frames[2] === (encoded?.[2] ?? 0) + placeWidth &&
    lengths?.[2] === 1 &&
    sound?.[2] === mels &&
    alone?.[2] === mels &&
    known === symbols + 1;
  if (fits) return;
  throw corrupt(
    `The model is no voice of ${symbols} symbols and ${mels} bands, as ${metadataFile} says it is.`,
  );
}

/** A model that a training task of Goya wrote. Throws `model.corrupt` or `model.unsupported`. */
export async function loadTrained(files: ModelFiles, options: LoadOptions = {}): Promise<TrainedModel> {
  const metadata = await readMetadata(files);
  if (metadata === undefined) throw new MlError('model.unsupported', `The folder has no ${metadataFile}.`);
  const { kind } = metadata.preprocessing;
  const hears = kind === 'speech' || kind === 'encodedSpeech';
  // The layers of such models are not tf.js's own.
  if (kind === 'graphemes' || kind === 'voice' || hears) registerBlocks();
  if (kind === 'voice' || hears) registerFrameBlocks();
  if (kind === 'voice') registerVoiceBlocks();
  const model = await loadLayers(files);
  try {
    checkAgreement(model, metadata);
    const parts = kind === 'voice' ? voiceParts(files, metadata) : speechParts(files, metadata, options);
    return { model, metadata, ...(await parts) };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** What a recogniser has beside its layers. */
async function speechParts(
  files: ModelFiles,
  { name, preprocessing }: TrainedMetadata,
  { openEncoder }: LoadOptions,
): Promise<Pick<TrainedModel, 'prior' | 'words' | 'encoder'>> {
  if (preprocessing.kind !== 'speech' && preprocessing.kind !== 'encodedSpeech') return {};
  const prior = {
    ...(preprocessing.prior ? { prior: await readPrior(files) } : {}),
    ...(preprocessing.words ? { words: await readWords(files) } : {}),
  };
  if (preprocessing.kind === 'speech') return prior;
  if (openEncoder === undefined) {
    const message = `"${name}" hears with the model in ${preprocessing.encoder.path}, which cannot be read from here.`;
    throw new MlError('model.unsupported', message);
  }
  return { ...prior, encoder: await openEncoder(preprocessing.encoder) };
}

async function readPrior(files: ModelFiles): Promise<CharacterPrior> {
  return CharacterPrior.fromFile(parseJson(priorName, await named(files, priorName), priorFile));
}

async function readWords(files: ModelFiles): Promise<WordPrior> {
  return WordPrior.fromText(new TextDecoder().decode(await named(files, wordsName)));
}

/** What a voice has beside its layers. */
async function voiceParts(
  files: ModelFiles,
  { preprocessing }: TrainedMetadata,
): Promise<Pick<TrainedModel, 'lexicon' | 'pronouncer' | 'vocoder'>> {
  if (preprocessing.kind !== 'voice') return {};
  const { lexicon, pronouncer, vocoder } = preprocessing;
  const words = lexicon ? new TextDecoder().decode(await named(files, lexiconName)) : undefined;
  const inside = { read: (name: string) => files.read(`${pronouncerFolder}/${name}`) };
  const said = {
    ...(words === undefined ? {} : { lexicon: parseLexicon(words).lexicon }),
    ...(pronouncer ? { pronouncer: await loadPronouncer(inside) } : {}),
  };
  if (vocoder !== true) return said;
  try {
    return { ...said, vocoder: await loadVocoder(files, preprocessing) };
  } catch (error) {
    said.pronouncer?.model.dispose();
    throw error;
  }
}

async function loadVocoder(files: ModelFiles, voice: VoicePreprocessing): Promise<Vocoder> {
  const vocoder = await Vocoder.fromVoice(files);
  const { sampleRate, mels, hop } = vocoder;
  if (sampleRate === voice.sampleRate && mels === voice.mels && hop === voice.hop) return vocoder;
  vocoder.dispose();
  throw corrupt(
    `The vocoder makes ${sampleRate} Hz of ${mels} bands, ${hop} samples a frame; ${metadataFile} says ${voice.sampleRate} Hz, ${voice.mels} and ${voice.hop}.`,
  );
}

async function loadPronouncer(files: ModelFiles): Promise<TrainedModel> {
  const metadata = await readMetadata(files);
  if (metadata?.preprocessing.kind === 'graphemes') return loadTrained(files);
  throw corrupt(`The voice's ${pronouncerFolder} is no model that pronounces words.`);
}

/** A file that the metadata names. */
async function named(files: ModelFiles, name: string): Promise<Uint8Array> {
  const bytes = await files.read(name);
  if (bytes !== undefined) return bytes;
  throw corrupt(`The folder has no ${name}, which ${metadataFile} names.`);
}
