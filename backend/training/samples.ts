/** What the model said of a few validation examples after each epoch: one small JSON file an epoch, beside the checkpoints. */
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { writeWav } from '../../ml/audio/wavWriter';
import { epochSamples, type EpochSamples, type SamplePrediction } from '../../protocol/model/run';
import type { TaskSample } from '../sdk/trainingTask';
import { writeFailed } from './checkpoint';

/** Longer runs are sampled at about so many epochs. */
const mostEpochs = 200;
const filePattern = /^epoch-(\d+)\.json$/;

/** Evenly spread over the run, the first and the last epoch among them; the same for a resumed run. */
export function isSampled(epoch: number, epochs: number): boolean {
  const every = Math.ceil(epochs / mostEpochs);
  return epoch === 1 || epoch === epochs || epoch % every === 0;
}

function folderBeside(checkpointsPath: string): string {
  return path.join(path.dirname(checkpointsPath), 'samples');
}

/** Written aside and renamed: a reader never sees half of it. Throws `training.outputFailed`. */
export async function writeSamples(
  checkpointsPath: string,
  { epoch, items }: { readonly epoch: number; readonly items: readonly TaskSample[] },
): Promise<void> {
  const folder = folderBeside(checkpointsPath);
  const base = path.join(folder, `epoch-${String(epoch).padStart(4, '0')}`);
  const file = `${base}.json`;
  try {
    await mkdir(folder, { recursive: true });
    const kept: SamplePrediction[] = [];
    for (const [i, item] of items.entries()) kept.push(await withSound(item, `${base}-${i + 1}.wav`));
    await writeFile(`${file}.tmp`, JSON.stringify(epochSamples.parse({ epoch, items: kept })));
    await rename(`${file}.tmp`, file);
  } catch (error) {
    throw writeFailed('sample predictions', file, error);
  }
}

/** The sample with its sound, if it has one, as a file. */
async function withSound({ sound, ...sample }: TaskSample, file: string): Promise<SamplePrediction> {
  if (sound === undefined) return sample;
  await writeFile(file, writeWav({ sampleRate: sound.sampleRate, channels: [sound.samples] }, 'pcm16'));
  return { ...sample, spokenPath: file };
}

/** By rising epoch. A run without samples has none; a file that is damaged is an epoch less. */
export async function readSamples(checkpointsPath: string): Promise<EpochSamples[]> {
  const folder = folderBeside(checkpointsPath);
  const names = (await readdir(folder).catch(() => [])).filter((name) => filePattern.test(name));
  const read = await Promise.all(names.map((name) => readOne(path.join(folder, name))));
  return read.filter((one) => one !== undefined).sort((a, b) => a.epoch - b.epoch);
}

async function readOne(file: string): Promise<EpochSamples | undefined> {
  try {
    return epochSamples.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}
