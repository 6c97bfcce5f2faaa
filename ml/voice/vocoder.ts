/** A published HiFi-GAN as the waveform maker of a voice. */
import * as tf from '@tensorflow/tfjs-core';
import { joinedPieces } from '../audio/audioData';
import type { Frames } from '../dsp/stft';
import { MlError } from '../errors';
import { hifiganConfig } from '../models/hifigan/config';
import { Hifigan } from '../models/hifigan/model';
import { decodeInPieces } from '../models/hifigan/pieces';
import { jsonOf } from '../published/files';
import { memorySource, type SourceFolder } from '../weights/byteSource';
import { openSafetensors } from '../weights/safetensors';
import { rooted } from '../weights/views';
import { writeSafetensors } from '../weights/writeSafetensors';
import type { Weights } from '../weights/weights';
import type { ModelFiles } from '../trained/modelFiles';

/** The folder of the vocoder inside that of a voice, and its files. */
export const vocoderFolder = 'vocoder';
const configName = 'config.json';
const weightsName = 'model.safetensors';

const prefixes = ['', 'vocoder.'];
const probe = 'conv_pre.bias';

/** HiFi-GANs of this kind take logarithms to the base 10. */
const toBase10 = 1 / Math.LN10;

export class Vocoder {
  private constructor(private readonly hifigan: Hifigan) {}

  /** On the engine that is current. Rejects with `model.corrupt` when the weights are not those of `config`. */
  static async load(weights: Weights, config: unknown): Promise<Vocoder> {
    return new Vocoder(await Hifigan.load(weights, hifiganConfig(config)));
  }

  /** From a voice's own folder. Rejects with `model.corrupt`. */
  static async fromVoice(files: ModelFiles): Promise<Vocoder> {
    const folder: SourceFolder = {
      open: async (name) => {
        const bytes = await files.read(`${vocoderFolder}/${name}`);
        return bytes === undefined ? undefined : memorySource(`${vocoderFolder}/${name}`, bytes);
      },
    };
    const source = await folder.open(weightsName);
    if (source === undefined)
      throw new MlError('model.corrupt', `The voice lacks ${vocoderFolder}/${weightsName}.`);
    return Vocoder.load(await openSafetensors(source), await jsonOf(folder, configName));
  }

  get sampleRate(): number {
    return this.hifigan.config.sampleRate;
  }

  get mels(): number {
    return this.hifigan.config.mels;
  }

  /** Samples of a frame. */
  get hop(): number {
    return this.hifigan.generator.hop;
  }

  /** Natural logarithms of mel magnitudes, `[frames, mels]`, as samples, −1..1, piece by piece and without seams. */
  async *speak(
    { frames, width, data }: Frames,
    signal?: AbortSignal,
  ): AsyncGenerator<Float32Array, void, void> {
    if (frames === 0) return;
    const latents = tf.tidy(() =>
      this.hifigan.latentsOf(tf.mul(tf.tensor3d(data, [1, frames, width]), toBase10)),
    );
    try {
      yield* decodeInPieces(this.hifigan.generator, latents, { signal });
    } finally {
      latents.dispose();
    }
  }

  dispose(): void {
    this.hifigan.dispose();
  }
}

/** All samples at once. */
export async function speakWhole(
  vocoder: Vocoder,
  mels: Frames,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const pieces: Float32Array[] = [];
  for await (const piece of vocoder.speak(mels, signal)) pieces.push(piece);
  return joinedPieces(pieces);
}

/** What a voice's folder keeps of a HiFi-GAN, by name: its numbers as they are, whatever file they were in. */
export async function vocoderFiles(
  weights: Weights,
  config: unknown,
): Promise<Record<string, string | Uint8Array>> {
  return {
    [`${vocoderFolder}/${configName}`]: JSON.stringify(config, null, 2),
    [`${vocoderFolder}/${weightsName}`]: await writeSafetensors(rooted(weights, prefixes, probe)),
  };
}
