/** Finds the recordings and says what is wrong with them. No tensors: runs in the backend's main process. */
import { createHash } from 'node:crypto';
import type { VoiceFeatureOptions } from '../../../ml/voice/features';
import { pronounceBy, type Lexicon } from '../../../ml/voice/lexicon';
import { isPersian, lettersOf, unitsOf, wordsIn, type Reading } from '../../../ml/voice/reading';
import { largeBatch, linesOf, modelSize } from '../../sdk/problems';
import type { Random } from '../../sdk/random';
import { bothSides, clipsIn, findRecordings, recordingFault, silenceFault } from '../../sdk/recordings';
import { listed } from '../../sdk/say';
import { readSoundLexicon } from '../../sdk/soundLexicon';
import type { SpeechRow } from '../../sdk/speechData';
import { trainedKind } from '../../sdk/trainedKind';
import { problem, warning, type ConfigProblem, type TaskConfig } from '../../sdk/trainingTask';
import type { DataOptions, ModelOptions } from './config';
import { spectraOf } from './spectra';
import { say } from './words';

export type Recording = Pick<
  SpeechRow,
  'audioPath' | 'durationSeconds' | 'sampleRate' | 'line' | 'text' | 'id' | 'speaker'
>;

export interface VoiceData {
  readonly training: readonly Recording[];
  readonly validation: readonly Recording[];
  readonly reading: Reading;
  readonly lexicon: Lexicon | undefined;
  readonly features: VoiceFeatureOptions;
  readonly problems: readonly ConfigProblem[];
  /** SHA-256 over the texts and the names of the files. */
  readonly hash: string;
}

type Config = Pick<TaskConfig<DataOptions, ModelOptions>, 'data' | 'model' | 'training' | 'resolve'> & {
  /** Of a run. */
  readonly cachePath?: string;
};

/** Below, a warning: no voice comes of it. */
const useful = 5 * 60;
const shortestSeconds = 0.2;

export async function findVoice(config: Config, signal: AbortSignal, random?: Random): Promise<VoiceData> {
  const { data, model, training } = config;
  const { features, problems: own } = await spectraOf(model, config.resolve);
  const problems: ConfigProblem[] = [];
  const split = await bothSides(
    data,
    (given, at) => read(config, features, given, at, problems, signal),
    (one) => one.text,
    random,
  );
  const all = [...split.training, ...split.validation];
  const reading = { kind: model.reading, persian: isPersian(all.map(({ text }) => text)) };
  const lexicon = await readSoundLexicon(config, problems);
  problems.push(
    ...largeBatch(training.batchSize, split.training.length),
    ...sizeProblems(model),
    ...own,
    ...(await readingProblems(config, reading, lexicon, all)),
    ...(await modelProblems(config)),
  );
  return { ...split, reading, lexicon, features, problems, hash: hashOf(all) };
}

async function read(
  { data, resolve, cachePath }: Config,
  { hop, sampleRate }: VoiceFeatureOptions,
  given: string,
  at: string,
  problems: ConfigProblem[],
  signal: AbortSignal,
): Promise<readonly Recording[]> {
  const place = { path: resolve(given), at, speaker: data.speaker, clipsPath: clipsIn(cachePath), signal };
  const found = await findRecordings<Recording>(place, async (row, before) => {
    const letters = lettersOf(row.text.replace(/[^\p{L}\p{N}]/gu, '')).length;
    const limits = {
      hasLetters: letters > 0,
      shortest: shortestSeconds,
      longest: data.longest,
      // Each sound takes a frame at least.
      needed: letters * (hop / sampleRate),
    };
    const fault = recordingFault(row, limits) ?? (await silenceFault(row, before));
    return fault === undefined ? { recording: withoutSound(row) } : { fault };
  });
  problems.push(...found.problems);
  const tooFew = found.problems.some(({ severity }) => severity === 'error');
  if (at === '/data/path' && !tooFew)
    problems.push(
      ...speakerProblems(found.speakers, at, data.speaker),
      ...littleSpeech(found.recordings, at),
    );
  problems.push(...rateProblems(found.recordings, at, sampleRate));
  return found.recordings;
}

/** The sound of all rows would fill the memory. */
function withoutSound({
  audioPath,
  durationSeconds,
  sampleRate,
  line,
  text,
  id,
  speaker,
}: SpeechRow): Recording {
  return {
    audioPath,
    durationSeconds,
    sampleRate,
    line,
    text,
    id,
    ...(speaker !== undefined && { speaker }),
  };
}

function speakerProblems(names: readonly string[], at: string, speaker: string | undefined): ConfigProblem[] {
  if (speaker !== undefined || names.length < 2) return [];
  const some = names.slice(0, 12);
  const fixes = some.map((value) => ({ kind: 'set' as const, path: '/data/speaker', value }));
  const message = say`There are ${names.length} speakers in the data; a voice is one speaker's. Choose one: ${listed(some)}.`;
  return [warning(at, message, { code: 'data.speakers', fixes })];
}

function littleSpeech(recordings: readonly Recording[], at: string): ConfigProblem[] {
  const seconds = recordings.reduce((sum, one) => sum + one.durationSeconds, 0);
  if (seconds >= useful) return [];
  const message = say`There are ${Math.round(seconds)} seconds of speech. A voice that can be understood needs some ten minutes, one that sounds like a person an hour and more.`;
  return [warning(at, message)];
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

/** Words that the lexicon lacks are pronounced by a model; that of Goya knows Persian alone. */
async function readingProblems(
  { data }: Config,
  reading: Reading,
  lexicon: Lexicon | undefined,
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
    if (given === undefined || (await trainedKind(resolve(given))) === kind) continue;
    problems.push(problem(at, say`${given} is no folder of a model that was trained as ${task}.`));
  }
  return problems;
}

function hashOf(recordings: readonly Recording[]): string {
  const hash = createHash('sha256');
  for (const { audioPath, text } of recordings) hash.update(`${audioPath}\0${text}\0`);
  return hash.digest('hex');
}
