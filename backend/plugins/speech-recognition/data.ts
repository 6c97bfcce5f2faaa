/** Finds the recordings and says what is wrong with them. No tensors: runs in the backend's main process. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { framesNeeded } from '../../../ml/ctc/ctcLoss';
import { transcriptOf } from '../../../ml/speech/transcript';
import type { Lexicon } from '../../../ml/voice/lexicon';
import { isPersian } from '../../../ml/voice/reading';
import { largeBatch, modelSize } from '../../sdk/problems';
import type { Random } from '../../sdk/random';
import { bothSides, clipsIn, findRecordings, recordingFault, silenceFault } from '../../sdk/recordings';
import { errorText } from '../../sdk/rowFaults';
import { readSoundLexicon } from '../../sdk/soundLexicon';
import type { SpeechRow } from '../../sdk/speechData';
import { problem, warning, type ConfigProblem, type TaskConfig } from '../../sdk/trainingTask';
import { convolutionsOf, type DataOptions, type ModelOptions } from './config';
import { encoderProblems } from './encoder';
import { secondsOfFrame } from './frames';
import { soundProblems } from './soundProblems';
import { wordListProblems } from './wordList';
import { say } from './words';

export interface Utterance extends Pick<SpeechRow, 'audioPath' | 'durationSeconds' | 'line' | 'text'> {
  /** As the model learns it. */
  readonly transcript: string;
  /** The same, cut into what the classes stand for. */
  readonly units: readonly string[];
}

export interface Speech {
  readonly training: readonly Utterance[];
  readonly validation: readonly Utterance[];
  readonly lexicon: Lexicon | undefined;
  readonly persian: boolean;
  readonly problems: readonly ConfigProblem[];
  /** SHA-256 over the transcripts and the names of the files. */
  readonly hash: string;
}

export type Config = Pick<
  TaskConfig<DataOptions, ModelOptions>,
  'data' | 'model' | 'training' | 'resolve'
> & {
  /** Of a run. */
  readonly cachePath?: string;
};

/** Below, a warning: no recogniser comes of it. */
const useful = 5 * 60;
const shortestSeconds = 0.1;
/** Looked into for silence; of those that take long to decode fewer, as there may be thousands. */
const lookedInto = ({ kind }: SpeechRow): number => (kind === 'wav' ? 400 : 60);

export async function findSpeech(config: Config, signal: AbortSignal, random?: Random): Promise<Speech> {
  const { data, training } = config;
  const problems: ConfigProblem[] = [];
  const split = await bothSides(
    data,
    (given, at) => read(config, given, at, problems, signal),
    (one) => one.transcript,
    random,
  );
  problems.push(
    ...largeBatch(training.batchSize, split.training.length),
    ...sizeProblems(config),
    ...headProblems(config.model),
  );
  problems.push(
    ...(await textsProblems(config)),
    ...(await wordListProblems(config)),
    ...(await encoderProblems(config.model.encoder, config.resolve)),
  );
  const all = [...split.training, ...split.validation];
  const lexicon = await readSoundLexicon(config, problems);
  const persian = isPersian(all.map(({ text }) => text));
  problems.push(...(await soundProblems(config, persian || lexicon !== undefined || all.length === 0)));
  return { ...split, lexicon, persian, problems, hash: hashOf(all) };
}

async function read(
  { data, model, resolve, cachePath }: Config,
  given: string,
  at: string,
  problems: ConfigProblem[],
  signal: AbortSignal,
): Promise<readonly Utterance[]> {
  const place = { path: resolve(given), at, speaker: data.speaker, clipsPath: clipsIn(cachePath), signal };
  const found = await findRecordings(place, async (row, before) => {
    const { audioPath, durationSeconds, line, text } = row;
    const transcript = transcriptOf(text);
    const units = Array.from(transcript);
    const limits = {
      hasLetters: transcript !== '',
      shortest: shortestSeconds,
      longest: data.longest,
      // An alignment needs a frame for each letter, and one more between equal ones.
      needed: framesNeeded(units) * secondsOfFrame,
    };
    const fault = recordingFault(row, limits) ?? (await silenceFault(row, before, lookedInto(row)));
    return fault === undefined
      ? { recording: { audioPath, durationSeconds, line, text, transcript, units } }
      : { fault };
  });
  problems.push(...found.problems);
  const tooFew = found.problems.some(({ severity }) => severity === 'error');
  if (at === '/data/path' && !tooFew && model.encoder === undefined)
    problems.push(...littleSpeech(found.recordings, at));
  return found.recordings;
}

function littleSpeech(utterances: readonly Utterance[], at: string): ConfigProblem[] {
  const seconds = utterances.reduce((sum, one) => sum + one.durationSeconds, 0);
  if (seconds >= useful) return [];
  return [
    warning(
      at,
      say`There are ${Math.round(seconds)} seconds of speech. A recogniser needs an hour and more to write words that it has not heard.`,
    ),
  ];
}

function sizeProblems({ model }: Config): ConfigProblem[] {
  const { channels, kernelSize, attention } = model;
  const weights = convolutionsOf(model) * kernelSize * channels ** 2 + attention * 8 * channels ** 2;
  return modelSize('/model/channels', weights);
}

function headProblems({ attention, channels, heads }: ModelOptions): ConfigProblem[] {
  if (attention === 0 || channels % heads === 0) return [];
  return [problem('/model/heads', say`${heads} heads do not divide ${channels} channels.`)];
}

async function textsProblems({ data, resolve }: Config): Promise<ConfigProblem[]> {
  if (data.texts === undefined) return [];
  const lines = await readTexts(resolve(data.texts)).catch((error: unknown) => error);
  if (!Array.isArray(lines)) return [problem('/data/texts', errorText(lines))];
  return lines.length > 0 ? [] : [problem('/data/texts', say`The file has no sentences in it.`)];
}

/** Transcripts of the lines of a text file. */
export async function readTexts(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split(/\r?\n/)
    .map(transcriptOf)
    .filter((line) => line !== '');
}

function hashOf(utterances: readonly Utterance[]): string {
  const hash = createHash('sha256');
  for (const { audioPath, transcript } of utterances) hash.update(`${audioPath}\0${transcript}\0`);
  return hash.digest('hex');
}
