/** What the model said of a few validation examples after each epoch: one small JSON file an epoch, beside the checkpoints. */
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { writeWav } from '../../ml/audio/wavWriter';
import {
  epochSamples,
  samplePrediction,
  type EpochSamples,
  type SamplePrediction,
} from '../../protocol/model/run';
import { samplePictures, type LevelPicture, type SamplePictures } from '../../protocol/model/samplePictures';
import type { Levels, TaskSample, VoicePictures } from '../sdk/trainingTask';
import { writeFailed } from './checkpoint';
import type { SampledEpoch } from './sampleQueue';

/** Longer runs are sampled at about so many epochs. */
const mostEpochs = 200;
const filePattern = /^epoch-(\d+)\.json$/;

/** Evenly spread over the run, the first and the last epoch among them; the same for a resumed run. */
export function isSampled(epoch: number, epochs: number): boolean {
  const every = Math.ceil(epochs / mostEpochs);
  return epoch === 1 || epoch === epochs || epoch % every === 0;
}

const nameOf = (epoch: number): string => `epoch-${String(epoch).padStart(4, '0')}`;
const picturesFile = (folder: string, epoch: number): string =>
  path.join(folder, `${nameOf(epoch)}-pictures.json`);

function folderBeside(checkpointsPath: string): string {
  return path.join(path.dirname(checkpointsPath), 'samples');
}

/** Written aside and renamed: a reader never sees half of it. Throws `training.outputFailed`. */
export async function writeSamples(checkpointsPath: string, { epoch, items }: SampledEpoch): Promise<void> {
  const folder = folderBeside(checkpointsPath);
  const base = path.join(folder, nameOf(epoch));
  const file = `${base}.json`;
  try {
    await mkdir(folder, { recursive: true });
    const kept: SamplePrediction[] = [];
    for (const [i, item] of items.entries()) kept.push(await withSound(item, `${base}-${i + 1}.wav`));
    const pictures = picturesOf(items);
    if (pictures !== undefined) await writeFile(picturesFile(folder, epoch), JSON.stringify(pictures));
    const told: EpochSamples = {
      epoch,
      items: kept,
      ...(pictures === undefined ? {} : { pictures: true }),
    };
    await writeFile(`${file}.tmp`, JSON.stringify(epochSamples.parse(told)));
    await rename(`${file}.tmp`, file);
  } catch (error) {
    throw writeFailed('sample predictions', file, error);
  }
}

/** The sample with its sound, if it has one, as a file; its pictures are kept apart. */
async function withSound(sample: TaskSample, file: string): Promise<SamplePrediction> {
  const kept = samplePrediction.parse(sample);
  const { sound } = sample;
  if (sound === undefined) return kept;
  await writeFile(file, writeWav({ sampleRate: sound.sampleRate, channels: [sound.samples] }, 'pcm16'));
  return { ...kept, spokenPath: file };
}

/** Undefined where not all have some. */
function picturesOf(items: readonly TaskSample[]): SamplePictures[] | undefined {
  const all = items.flatMap(({ pictures }) => (pictures === undefined ? [] : [toWire(pictures)]));
  return all.length > 0 && all.length === items.length ? all : undefined;
}

function toWire({ recorded, spoken, alignment, ...scales }: VoicePictures): SamplePictures {
  const { symbols, frames, likelihood } = alignment;
  return {
    ...scales,
    recorded: encoded(recorded),
    spoken: encoded(spoken),
    alignment: { symbols: [...symbols], frames: [...frames], likelihood: encoded(likelihood) },
  };
}

const encoded = ({ levels, ...size }: Levels): LevelPicture => ({
  ...size,
  levels: Buffer.from(levels.buffer, levels.byteOffset, levels.byteLength).toString('base64'),
});

/** Those of one epoch, in the order of its samples; none where there are none, or their file is damaged. */
export async function readPictures(checkpointsPath: string, epoch: number): Promise<SamplePictures[]> {
  const file = picturesFile(folderBeside(checkpointsPath), epoch);
  try {
    return z.array(samplePictures).parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return [];
  }
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
