/** Recordings with their texts, as the tasks of speech find them in data: what none of them can learn from, and for whom. */
import path from 'node:path';
import { say } from '../language/say';
import type { RowFault } from './data/row';
import type { Random } from './random';
import { errorText, reportFaults, unknownSpeaker } from './rowFaults';
import { isSilent } from './silence';
import { readSpeechData, type SpeechRow } from './speechData';
import { splitByText } from './splitByText';
import { problem, type ConfigProblem } from './trainingTask';

/** Fewer teach nothing. */
const fewest = 4;

/** Where they are looked for. */
export interface RecordingsPlace {
  /** Absolute. */
  readonly path: string;
  /** Of the config, for problems. */
  readonly at: string;
  /** Only this one's. */
  readonly speaker: string | undefined;
  /** As in `SpeechDataOptions`. */
  readonly clipsPath: string | undefined;
  readonly signal: AbortSignal;
}

/** Where a run puts what lies in Parquet, in the folder that is its task's own. */
export const clipsIn = (cachePath: string | undefined): string | undefined =>
  cachePath === undefined ? undefined : path.join(cachePath, 'clips');

export interface FoundRecordings<Recording> {
  readonly recordings: readonly Recording[];
  /** Whoever the data names, those with the most rows first. */
  readonly speakers: readonly string[];
  /** With an error among them there is too little. */
  readonly problems: readonly ConfigProblem[];
}

type Taken<Recording> = { readonly recording: Recording } | { readonly fault: RowFault };

/** @param take what is made of a row, or why it is left out; `before`: how many were taken so far */
export async function findRecordings<Recording>(
  { path: target, at, speaker, clipsPath, signal }: RecordingsPlace,
  take: (row: SpeechRow, before: number) => Taken<Recording> | Promise<Taken<Recording>>,
): Promise<FoundRecordings<Recording>> {
  const faults: RowFault[] = [];
  const recordings: Recording[] = [];
  const rows = new Map<string, number>();
  try {
    const onFault = (fault: RowFault) => faults.push(fault);
    for await (const row of readSpeechData(target, { signal, clipsPath, speaker, onFault })) {
      if (row.speaker !== undefined) rows.set(row.speaker, (rows.get(row.speaker) ?? 0) + 1);
      if (speaker !== undefined && row.speaker !== speaker) continue;
      const taken = await take(row, recordings.length);
      if ('fault' in taken) faults.push(taken.fault);
      else recordings.push(taken.recording);
    }
  } catch (error) {
    if (signal.aborted) throw error;
    return { recordings: [], speakers: [], problems: [problem(at, errorText(error))] };
  }
  const problems = reportFaults(faults, at);
  const speakers = [...rows].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  if (recordings.length >= fewest) return { recordings, speakers, problems };
  const few = say`There are ${recordings.length} recordings with texts that can be learnt from; at least ${fewest} are needed.`;
  const why = unknownSpeaker(speaker, speakers) ?? problem(at, few);
  return { recordings, speakers, problems: [...problems, why] };
}

/** Why a recording cannot be learnt from, whatever learns; all in seconds. */
export function recordingFault(
  { line, durationSeconds, id }: SpeechRow,
  limits: {
    /** Whether anything of the text is said. */
    readonly hasLetters: boolean;
    readonly shortest: number;
    readonly longest: number;
    /** What the text takes at least. */
    readonly needed: number;
  },
): RowFault | undefined {
  if (!limits.hasLetters)
    return { line, code: 'text.letters', message: say`${id} has no letters in its text.` };
  if (durationSeconds < limits.shortest)
    return { line, code: 'audio.short', message: say`${id} is too short to have speech in it.` };
  if (durationSeconds > limits.longest) {
    const message = say`${id} lasts ${Math.round(durationSeconds)} s, longer than data.longest.`;
    return { line, code: 'audio.long', message };
  }
  if (limits.needed > durationSeconds)
    return { line, code: 'text.long', message: say`${id} has more text than its sound can hold.` };
  return undefined;
}

/** Looked into for silence: more would take too long while somebody types. */
const mostLookedInto = 400;

/** @param before recordings that were taken so far: only the first `most` are decoded */
export async function silenceFault(
  { line, id, audioPath, sound }: SpeechRow,
  before: number,
  most = mostLookedInto,
): Promise<RowFault | undefined> {
  if (before >= most || !(await isSilent(audioPath, sound))) return undefined;
  return { line, code: 'audio.silent', message: say`${id} is silent.` };
}

/** Those to learn from and those to measure by: of a place of their own, or a share of the same. */
export async function bothSides<Recording>(
  data: {
    readonly path: string;
    readonly validationPath?: string | undefined;
    readonly validation: number;
  },
  read: (given: string, at: string) => Promise<readonly Recording[]>,
  textOf: (recording: Recording) => string,
  random: Random | undefined,
): Promise<{ readonly training: readonly Recording[]; readonly validation: readonly Recording[] }> {
  const own = await read(data.path, '/data/path');
  if (data.validationPath === undefined) return splitByText(own, textOf, data.validation, random);
  return { training: own, validation: await read(data.validationPath, '/data/validationPath') };
}
