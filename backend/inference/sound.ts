import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { mixdown } from '../../ml/audio/audioData';
import { resample } from '../../ml/audio/resample';
import { readSound as decodeSound } from '../../ml/audio/decode/decodeSound';
import type { RandomReader } from '../../ml/audio/wav';
import { MlError } from '../../ml/errors';
import type { InferenceParams } from '../../protocol/model/inference';
import { StudioError } from '../../protocol/wire/errors';
import { toModelError } from './modelFolder';

/** `input.audioPath`, a sound file (wav, mp3, flac, ogg), mono at `sampleRate`. Throws `inference.invalidInput`, `dataset.notFound` or `dataset.unsupported`. */
export async function readSound(
  { input }: Pick<InferenceParams, 'input'>,
  sampleRate: number,
): Promise<Float32Array> {
  if (input.audioPath === undefined) {
    throw new MlError(
      'input.invalid',
      'The model listens: it needs input.audioPath, a sound file (wav, mp3, flac or ogg).',
    );
  }
  const { samples, sampleRate: own } = await readMono(input.audioPath);
  return own === sampleRate ? samples : resample(samples, own, sampleRate);
}

/** A sound file mixed to one channel, at its own rate. Throws `inference.invalidInput`, `dataset.notFound` or `dataset.unsupported`. */
export async function readMono(
  audioPath: string,
): Promise<{ readonly samples: Float32Array; readonly sampleRate: number }> {
  if (audioPath.trim() === '') {
    throw new StudioError(
      'inference.invalidInput',
      'input.audioPath is empty. Give the path of a sound file (wav, mp3, flac or ogg).',
    );
  }
  const file = path.resolve(audioPath);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const reason = code === 'EISDIR' ? 'is a folder, not a sound file' : `cannot be read (${code})`;
    throw new StudioError('dataset.notFound', `${file} ${reason}. Check the path.`, {
      cause: error,
      details: { path: file },
    });
  }
  try {
    const audio = await decodeSound(readerOf(bytes));
    return { samples: mixdown(audio), sampleRate: audio.sampleRate };
  } catch (error) {
    throw toModelError(error, file);
  }
}

function readerOf(bytes: Uint8Array): RandomReader {
  return {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}
