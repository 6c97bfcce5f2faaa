/** Finds the clips and says what is wrong with them. No tensors: runs in the backend's main process. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { openFiles, readSoundHeader } from '../../sdk/audioFiles';
import { clipsInFolders, clipsInTable, labelsOf, type LabelledClip } from '../../sdk/labelledAudio';
import { largeBatch, missingColumn } from '../../sdk/problems';
import { likeLabels } from '../../sdk/likeLabels';
import { mapParallel } from '../../sdk/parallel';
import { listed, sentences } from '../../sdk/say';
import { TableError } from '../../sdk/tableError';
import { checkUtf8 } from '../../sdk/textHead';
import { problem, warning, type ConfigProblem, type TaskConfig } from '../../sdk/trainingTask';
import type { DataOptions, ModelOptions } from './config';
import { say } from './words';

export interface Clips {
  readonly clips: readonly LabelledClip[];
  readonly labels: readonly string[];
  readonly problems: readonly ConfigProblem[];
}

type Config = Pick<TaskConfig<DataOptions, ModelOptions>, 'data' | 'model' | 'training' | 'resolve'>;

const at = '/data/path';
/** A list of a thousand broken files helps nobody. */
const shown = 10;

function several(names: readonly string[], limit = 3): string {
  const rest = names.length - limit;
  const first = listed(names.slice(0, limit));
  return rest > 0 ? say`${first} and ${rest} more` : first;
}

async function fromFolder(root: string, signal: AbortSignal): Promise<Clips> {
  const found = await clipsInFolders(root, signal);
  const names = (files: readonly string[]) => files.map((file) => path.relative(root, file));
  const problems: ConfigProblem[] = [];
  if (found.clips.length === 0 && found.emptyFolders.length === 0) {
    const message = say`${root} has no label folders. Make one folder for each label and put its clips there.`;
    problems.push(problem(at, message));
  }
  for (const folder of found.emptyFolders) {
    problems.push(problem(at, say`The folder "${folder}" has no recording in it. Fill it, or remove it.`));
  }
  if (found.otherAudio.length > 0) {
    const files = several(names(found.otherAudio));
    problems.push(
      warning(
        at,
        say`These cannot be decoded, so they are left out: ${files}. Convert them to wav, flac, mp3 or ogg.`,
      ),
    );
  }
  if (found.stray.length > 0) {
    const files = several(names(found.stray));
    problems.push(warning(at, say`Not in any label's folder, so left out: ${files}.`));
  }
  return { clips: found.clips, labels: found.labels, problems };
}

async function fromTable(file: string, data: DataOptions, signal: AbortSignal): Promise<Clips> {
  const found = await clipsInTable(file, data, signal);
  const problems = found.missing.map((key) => missingColumn(`/data/${key}`, data[key], found.header));
  if (found.missing.length === 0 && found.clips.length === 0)
    problems.push(problem(at, say`${file} lists no clips.`));
  problems.push(
    ...found.faults.slice(0, shown).map((fault) => problem(at, say`Line ${fault.line}: ${fault.message}`)),
  );
  if (found.faults.length > shown) {
    problems.push(problem(at, say`${found.faults.length - shown} more lines of the table have such faults.`));
  }
  return { clips: found.clips, labels: labelsOf(found.clips), problems };
}

async function find(config: Config, signal: AbortSignal): Promise<Clips> {
  const target = config.resolve(config.data.path);
  const none = { clips: [], labels: [] };
  try {
    if ((await stat(target)).isDirectory()) return await fromFolder(target, signal);
    await checkUtf8(target);
    return await fromTable(target, config.data, signal);
  } catch (error) {
    if (error instanceof TableError) {
      const message =
        error.line === undefined
          ? say`${target}: ${error.message}`
          : say`${target} (line ${error.line}): ${error.message}`;
      return { ...none, problems: [problem(at, message)] };
    }
    const { code } = error as NodeJS.ErrnoException;
    if (signal.aborted || typeof code !== 'string') throw error;
    const message =
      code === 'ENOENT' ? say`${target} does not exist.` : say`${target} cannot be read (${code}).`;
    return { ...none, problems: [problem(at, message)] };
  }
}

function labelProblems({ clips, labels }: Clips): ConfigProblem[] {
  const [only] = labels;
  if (labels.length === 1 && only !== undefined) {
    return [problem(at, say`All clips have the label "${only}". A classifier needs at least two labels.`)];
  }
  const counts = labels.map((label) => clips.filter((clip) => clip.label === label).length);
  const lonely = labels.filter((_, i) => (counts[i] ?? 0) < 2);
  if (labels.length > 0 && lonely.length === labels.length) {
    return [
      problem(at, say`Every label has one clip only, so none can be held out to measure by. Add clips.`),
    ];
  }
  const few = labels.filter((_, i) => (counts[i] ?? 0) < 5);
  const rare = say`Fewer than 5 clips: ${several(few)}. More clips make a better model.`;
  return [...(few.length > 0 ? [warning(at, rare)] : []), ...likeLabels(labels, at)];
}

async function fileProblems(clips: readonly LabelledClip[], config: Config, signal: AbortSignal) {
  const headers = await mapParallel(clips, openFiles, (clip) => readSoundHeader(clip.file), signal);
  const root = config.resolve(config.data.path);
  const problems: ConfigProblem[] = [];
  const rates = new Map<number, number>();
  let long = 0;
  let broken = 0;
  headers.forEach(({ info, fault }, i) => {
    if (fault !== undefined) {
      if (broken++ >= shown) return;
      const line = clips[i]?.line;
      const name = path.relative(root, clips[i]?.file ?? '') || root;
      problems.push(
        problem(at, line === undefined ? say`${name}: ${fault}` : say`Line ${line}: ${name}: ${fault}`),
      );
      return;
    }
    rates.set(info.sampleRate, (rates.get(info.sampleRate) ?? 0) + 1);
    if (info.seconds > config.model.seconds * 1.5) long++;
  });
  if (broken > shown) problems.push(problem(at, say`${broken - shown} more files cannot be read.`));
  return [...problems, ...figureWarnings(rates, long, clips.length, config.model)];
}

function figureWarnings(
  rates: ReadonlyMap<number, number>,
  long: number,
  count: number,
  model: ModelOptions,
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const list = [...rates].sort(([a], [b]) => a - b).map(([rate, n]) => say`${n} at ${rate} Hz`);
  if (rates.size > 1) {
    problems.push(
      warning(
        at,
        say`The clips have different sampling rates (${listed(list)}); all become ${model.sampleRate} Hz.`,
      ),
    );
  }
  const lowest = Math.min(...rates.keys());
  if (lowest < model.sampleRate && rates.size > 0) {
    const hint = say`The upper bands of such clips are empty: a model may learn that instead of the sound.`;
    problems.push(warning('/model/sampleRate', sentences(say`Some clips have ${lowest} Hz only.`, hint)));
  }
  if (long > count / 2) {
    const hint = say`Only the loudest part of each is used; raise "seconds" if that is not enough.`;
    problems.push(
      warning(
        '/model/seconds',
        sentences(say`${long} of ${count} clips are longer than 1.5 × ${model.seconds} s.`, hint),
      ),
    );
  }
  return problems;
}

/** All clips with every problem found, from headers alone. */
export async function findClips(config: Config, signal: AbortSignal): Promise<Clips> {
  const found = await find(config, signal);
  if (found.clips.length === 0) return found;
  const problems = [
    ...found.problems,
    ...labelProblems(found),
    ...(await fileProblems(found.clips, config, signal)),
    ...largeBatch(config.training.batchSize, Math.floor(found.clips.length * (1 - config.data.validation))),
  ];
  return { ...found, problems };
}
