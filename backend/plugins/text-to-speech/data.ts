/** Finds the recordings and says what is wrong with them. No tensors: runs in the backend's main process. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { metadataFile, trainedMetadata } from '../../../ml/trained/metadata';
import { parseLexicon, pronounceBy, type LexiconFile } from '../../../ml/voice/lexicon';
import { isPersian, lettersOf, unitsOf, wordsIn, type Reading } from '../../../ml/voice/reading';
import { largeBatch, linesOf, modelSize } from '../../sdk/problems';
import type { Random } from '../../sdk/random';
import { errorText, reportFaults, unknownSpeaker, type Fault } from '../../sdk/rowFaults';
import { listed } from '../../sdk/say';
import { readSpeechData, type SpeechRow } from '../../sdk/speechData';
import { splitByText } from '../../sdk/splitByText';
import { problem, warning, type ConfigProblem, type TaskConfig } from '../../sdk/trainingTask';
import type { DataOptions, ModelOptions } from './config';
import { isSilent } from './silence';
import { say } from './words';

export type Recording = Pick<
  SpeechRow,
  'audioPath' | 'durationSeconds' | 'sampleRate' | 'line' | 'text' | 'id' | 'speaker'
>;

export interface VoiceData {
  readonly training: readonly Recording[];
  readonly validation: readonly Recording[];
  readonly reading: Reading;
  readonly lexicon: LexiconFile['lexicon'] | undefined;
  readonly problems: readonly ConfigProblem[];
  /** SHA-256 over the texts and the names of the files. */
  readonly hash: string;
}

type Config = Pick<TaskConfig<DataOptions, ModelOptions>, 'data' | 'model' | 'training' | 'resolve'>;

/** Fewer teach nothing. */
const fewest = 4;
/** Below, a warning: no voice comes of it. */
const useful = 5 * 60;
const shortestSeconds = 0.2;
/** Seconds of a frame, nearly enough. */
const frameSeconds = 0.0116;
/** Looked into for silence: more would take too long while somebody types. */
const mostLookedInto = 400;

export async function findVoice(config: Config, signal: AbortSignal, random?: Random): Promise<VoiceData> {
  const { data, model, training } = config;
  const problems: ConfigProblem[] = [];
  const found = await read(config, data.path, '/data/path', problems, signal);
  const apart =
    data.validationPath === undefined
      ? undefined
      : await read(config, data.validationPath, '/data/validationPath', problems, signal);
  const split =
    apart === undefined
      ? splitByText(found, (one) => one.text, data.validation, random)
      : { training: found, validation: apart };
  const all = [...split.training, ...split.validation];
  const reading = { kind: model.reading, persian: isPersian(all.map(({ text }) => text)) };
  const lexicon = await readLexicon(config, problems);
  problems.push(
    ...largeBatch(training.batchSize, split.training.length),
    ...sizeProblems(model),
    ...(await readingProblems(config, reading, lexicon, all)),
    ...(await modelProblems(config)),
  );
  return { ...split, reading, lexicon, problems, hash: hashOf(all) };
}

async function read(
  { data, model, resolve }: Config,
  given: string,
  at: string,
  problems: ConfigProblem[],
  signal: AbortSignal,
): Promise<Recording[]> {
  const faults: Fault[] = [];
  const recordings: Recording[] = [];
  const speakers = new Map<string, number>();
  try {
    const options = { signal, onFault: (fault: Fault) => faults.push(fault) };
    for await (const row of readSpeechData(resolve(given), options)) {
      if (row.speaker !== undefined) speakers.set(row.speaker, (speakers.get(row.speaker) ?? 0) + 1);
      if (data.speaker !== undefined && row.speaker !== data.speaker) continue;
      const fault = faultOf(row, data.longest) ?? (await silenceOf(row, recordings.length));
      if (fault === undefined) recordings.push(row);
      else faults.push(fault);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    problems.push(problem(at, errorText(error)));
    return [];
  }
  problems.push(
    ...reportFaults(faults, at),
    ...amountProblems(recordings, at, data.speaker, speakers),
    ...rateProblems(recordings, at, model.sampleRate),
  );
  return recordings;
}

/** Why a recording cannot be learnt from. */
function faultOf({ line, durationSeconds, id, text }: SpeechRow, longest: number): Fault | undefined {
  const letters = lettersOf(text.replace(/[^\p{L}\p{N}]/gu, '')).length;
  if (letters === 0) return { line, code: 'text.letters', message: say`${id} has no letters in its text.` };
  if (durationSeconds < shortestSeconds)
    return { line, code: 'audio.short', message: say`${id} is too short to have speech in it.` };
  if (durationSeconds > longest) {
    const message = say`${id} lasts ${Math.round(durationSeconds)} s, longer than data.longest.`;
    return { line, code: 'audio.long', message };
  }
  // Each sound takes a frame at least.
  if (letters * frameSeconds > durationSeconds)
    return { line, code: 'text.long', message: say`${id} has more text than its sound can hold.` };
  return undefined;
}

async function silenceOf({ line, id, audioPath }: SpeechRow, before: number): Promise<Fault | undefined> {
  if (before >= mostLookedInto || !(await isSilent(audioPath))) return undefined;
  return { line, code: 'audio.silent', message: say`${id} is silent.` };
}

function amountProblems(
  recordings: readonly Recording[],
  at: string,
  speaker: string | undefined,
  speakers: ReadonlyMap<string, number>,
): ConfigProblem[] {
  const names = [...speakers].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  if (recordings.length < fewest) {
    const unknown = unknownSpeaker(speaker, names);
    if (unknown !== undefined) return [unknown];
    const message = say`There are ${recordings.length} recordings with texts that can be learnt from; at least ${fewest} are needed.`;
    return [problem(at, message)];
  }
  if (at !== '/data/path') return [];
  const problems: ConfigProblem[] = [];
  if (speaker === undefined && names.length > 1) {
    const fixes = names.slice(0, 12).map((value) => ({ kind: 'set' as const, path: '/data/speaker', value }));
    const message = say`There are ${names.length} speakers in the data; a voice is one speaker's. Choose one: ${listed(names.slice(0, 12))}.`;
    problems.push(warning(at, message, { code: 'data.speakers', fixes }));
  }
  const seconds = recordings.reduce((sum, one) => sum + one.durationSeconds, 0);
  if (seconds < useful) {
    const message = say`There are ${Math.round(seconds)} seconds of speech. A voice that can be understood needs some ten minutes, one that sounds like a person an hour and more.`;
    problems.push(warning(at, message));
  }
  return problems;
}

function rateProblems(recordings: readonly Recording[], at: string, wanted: number): ConfigProblem[] {
  const low = recordings.filter(({ sampleRate }) => sampleRate < wanted);
  if (low.length === 0) return [];
  const rates = [...new Set(low.map(({ sampleRate }) => sampleRate))].sort((a, b) => a - b);
  const lines = linesOf(low.map(({ line }) => line));
  if (low.length === recordings.length) {
    const value = rates[0] ?? wanted;
    const message = say`The recordings have ${listed(rates)} Hz, less than model.sampleRate (${wanted}).`;
    const fixes = [{ kind: 'set' as const, path: '/model/sampleRate', value }];
    return [warning(at, message, { code: 'audio.rate', fixes })];
  }
  const message = say`Some recordings have ${listed(rates)} Hz, less than model.sampleRate (${wanted}): the voice learns their dull sound too. ${lines}.`;
  return [warning(at, message, { code: 'audio.rate' })];
}

function sizeProblems(model: ModelOptions): ConfigProblem[] {
  const { encoderChannels, encoderConvolutions, decoderChannels, decoderConvolutions, kernelSize } = model;
  const own = encoderConvolutions * encoderChannels ** 2 + decoderConvolutions * decoderChannels ** 2;
  return modelSize('/model/decoderChannels', kernelSize * own);
}

async function readLexicon(
  { data, resolve }: Config,
  problems: ConfigProblem[],
): Promise<LexiconFile['lexicon'] | undefined> {
  if (data.lexicon === undefined) return undefined;
  try {
    const { lexicon, faults } = parseLexicon(await readFile(resolve(data.lexicon), 'utf8'));
    if (faults.length > 0) {
      const message = say`The lexicon has lines that are not a word, a tab and its phonemes: ${linesOf(faults)}.`;
      problems.push((lexicon.size === 0 ? problem : warning)('/data/lexicon', message));
    }
    return lexicon;
  } catch (error) {
    problems.push(problem('/data/lexicon', errorText(error)));
    return undefined;
  }
}

/** Words that the lexicon lacks are pronounced by a model; that of Goya knows Persian alone. */
async function readingProblems(
  { data }: Config,
  reading: Reading,
  lexicon: LexiconFile['lexicon'] | undefined,
  recordings: readonly Recording[],
): Promise<ConfigProblem[]> {
  if (reading.kind === 'characters' || reading.persian || data.pronouncer !== undefined) return [];
  if (recordings.length === 0) return [];
  if (lexicon === undefined) {
    const message = say`The texts are not Persian, and Goya pronounces Persian only. Name a lexicon or a pronouncer, or read characters.`;
    const fixes = [{ kind: 'set' as const, path: '/model/reading', value: 'characters' }];
    return [problem('/model/reading', message, { code: 'model.reading', fixes })];
  }
  const words = [...new Set(recordings.flatMap(({ text }) => wordsIn(unitsOf(text, reading))))];
  const spoken = await pronounceBy(lexicon, undefined)(words);
  const missing = words.filter((_, i) => (spoken[i] ?? []).length === 0);
  if (missing.length === 0) return [];
  const message = say`The lexicon lacks ${missing.length} words of the texts, which the voice will leave out: ${listed(missing.slice(0, 12))}.`;
  return [warning('/data/lexicon', message, { code: 'lexicon.words' })];
}

/** The trained models that the config names. */
async function modelProblems({ data, model, resolve }: Config): Promise<ConfigProblem[]> {
  const wanted = [
    { at: '/data/pronouncer', given: data.pronouncer, kind: 'graphemes', task: 'grapheme-to-phoneme' },
    { at: '/model/from', given: model.from, kind: 'voice', task: 'text-to-speech' },
    { at: '/data/recogniser', given: data.recogniser, kind: 'speech', task: 'speech-recognition' },
  ];
  const problems: ConfigProblem[] = [];
  for (const { at, given, kind, task } of wanted) {
    if (given === undefined || (await kindOf(resolve(given))) === kind) continue;
    problems.push(problem(at, say`${given} is no folder of a model that was trained as ${task}.`));
  }
  return problems;
}

/** What a trained model takes; undefined for a folder that is none. */
async function kindOf(folder: string): Promise<string | undefined> {
  const text = await readFile(path.join(folder, metadataFile), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return trainedMetadata.safeParse(JSON.parse(text)).data?.preprocessing.kind;
  } catch {
    // Not even JSON: no model.
    return undefined;
  }
}

function hashOf(recordings: readonly Recording[]): string {
  const hash = createHash('sha256');
  for (const { audioPath, text } of recordings) hash.update(`${audioPath}\0${text}\0`);
  return hash.digest('hex');
}
