/** Finds the recordings and says what is wrong with them. No tensors: runs in the backend's main process. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { framesNeeded } from '../../../ml/ctc/ctcLoss';
import { transcriptOf } from '../../../ml/speech/transcript';
import { largeBatch, modelSize } from '../../sdk/problems';
import type { Random } from '../../sdk/random';
import { errorText, reportFaults, unknownSpeaker, type Fault } from '../../sdk/rowFaults';
import { readSpeechData, type SpeechRow } from '../../sdk/speechData';
import { splitByText } from '../../sdk/splitByText';
import { problem, warning, type ConfigProblem, type TaskConfig } from '../../sdk/trainingTask';
import { convolutionsOf, type DataOptions, type ModelOptions } from './config';
import { encoderProblems } from './encoder';
import { secondsOfFrame } from './frames';
import { say } from './words';

export interface Utterance extends Pick<SpeechRow, 'audioPath' | 'durationSeconds' | 'line' | 'text'> {
  /** As the model learns it. */
  readonly transcript: string;
}

export interface Speech {
  readonly training: readonly Utterance[];
  readonly validation: readonly Utterance[];
  readonly problems: readonly ConfigProblem[];
  /** SHA-256 over the transcripts and the names of the files. */
  readonly hash: string;
}

type Config = Pick<TaskConfig<DataOptions, ModelOptions>, 'data' | 'model' | 'training' | 'resolve'>;

/** Fewer teach nothing. */
const fewest = 4;
/** Below, a warning: no recogniser comes of it. */
const useful = 5 * 60;
const shortestSeconds = 0.1;

export async function findSpeech(config: Config, signal: AbortSignal, random?: Random): Promise<Speech> {
  const { data, training } = config;
  const problems: ConfigProblem[] = [];
  const own = await read(config, data.path, '/data/path', problems, signal);
  const apart =
    data.validationPath === undefined
      ? undefined
      : await read(config, data.validationPath, '/data/validationPath', problems, signal);
  const split =
    apart === undefined
      ? splitByText(own, (one) => one.transcript, data.validation, random)
      : { training: own, validation: apart };
  problems.push(
    ...largeBatch(training.batchSize, split.training.length),
    ...sizeProblems(config),
    ...headProblems(config.model),
  );
  problems.push(
    ...(await textsProblems(config)),
    ...(await encoderProblems(config.model.encoder, config.resolve)),
  );
  return { ...split, problems, hash: hashOf([...split.training, ...split.validation]) };
}

async function read(
  { data, model, resolve }: Config,
  given: string,
  at: string,
  problems: ConfigProblem[],
  signal: AbortSignal,
): Promise<Utterance[]> {
  const faults: Fault[] = [];
  const utterances: Utterance[] = [];
  const speakers = new Set<string>();
  try {
    const options = { signal, onFault: (fault: Fault) => faults.push(fault) };
    for await (const row of readSpeechData(resolve(given), options)) {
      if (row.speaker !== undefined) speakers.add(row.speaker);
      if (data.speaker !== undefined && row.speaker !== data.speaker) continue;
      const { audioPath, durationSeconds, line, text } = row;
      const transcript = transcriptOf(text);
      const fault = faultOf(row, transcript, data.longest);
      if (fault === undefined) utterances.push({ audioPath, durationSeconds, line, text, transcript });
      else faults.push(fault);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    problems.push(problem(at, errorText(error)));
    return [];
  }
  problems.push(...reportFaults(faults, at));
  problems.push(...amountProblems(utterances, at, data.speaker, [...speakers], model.encoder !== undefined));
  return utterances;
}

/** Why a recording cannot be learnt from. */
function faultOf(row: SpeechRow, transcript: string, longest: number): Fault | undefined {
  const { line, durationSeconds, id } = row;
  if (transcript === '')
    return { line, code: 'text.letters', message: say`${id} has no letters in its text.` };
  if (durationSeconds < shortestSeconds)
    return { line, code: 'audio.short', message: say`${id} is too short to have speech in it.` };
  if (durationSeconds > longest)
    return {
      line,
      code: 'audio.long',
      message: say`${id} lasts ${Math.round(durationSeconds)} s, longer than data.longest.`,
    };
  // An alignment needs a frame for each letter, and one more between equal ones.
  if (framesNeeded(Array.from(transcript)) * secondsOfFrame > durationSeconds)
    return { line, code: 'text.long', message: say`${id} has more text than its sound can hold.` };
  return undefined;
}

function amountProblems(
  utterances: readonly Utterance[],
  at: string,
  speaker: string | undefined,
  speakers: readonly string[],
  encoded: boolean,
): ConfigProblem[] {
  if (utterances.length < fewest) {
    const unknown = unknownSpeaker(speaker, speakers);
    if (unknown !== undefined) return [unknown];
    return [
      problem(
        at,
        say`There are ${utterances.length} recordings with texts that can be learnt from; at least ${fewest} are needed.`,
      ),
    ];
  }
  const seconds = utterances.reduce((sum, one) => sum + one.durationSeconds, 0);
  if (at !== '/data/path' || seconds >= useful || encoded) return [];
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
