import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomHifigan, tinyExtractor, tinyHifigan } from '../../tests/fixtures/hifiganFolder';
import { hifiganConfig } from '../models/hifigan/config';
import { Hifigan } from '../models/hifigan/model';
import { renamed } from '../weights/views';
import { VoiceMels } from './features';
import { speakWhole, Vocoder, vocoderFiles } from './vocoder';
import { isVocoderConfig, vocoderForm } from './vocoderForm';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** microsoft/speecht5_hifigan, whose folder has no preprocessor_config.json. */
const speecht5 = {
  model_type: 'hifigan',
  model_in_dim: 80,
  sampling_rate: 16_000,
  upsample_rates: [4, 4, 4, 4],
  upsample_kernel_sizes: [8, 8, 8, 8],
};

describe('the spectra of a HiFi-GAN', () => {
  it("are those of SpeechT5's feature extractor where nothing says otherwise", () => {
    const { form } = vocoderForm(speecht5, undefined) as Extract<
      ReturnType<typeof vocoderForm>,
      { form: unknown }
    >;
    expect(form).toEqual({
      sampleRate: 16_000,
      nFft: 1024,
      hop: 256,
      mels: 80,
      fMin: 80,
      fMax: 7600,
      floor: 1e-5,
    });
    const samples = Float32Array.from(
      { length: 6000 },
      (_, n) => 0.3 * Math.sin(0.05 * n) + 0.1 * Math.sin(n * n * 0.0001),
    );
    const { frames, data } = new VoiceMels(form).compute(samples);
    expect(frames).toBe(24);
    // By numpy, from the definition of transformers' SpeechT5FeatureExtractor; below 1e-5 the floor differs.
    const wanted: Readonly<Record<number, readonly number[]>> = {
      0: [0.4013, 0.3326, -1.218, -2.3715, -3.3109],
      7: [0.4264, 0.1898, -3.9084, -5, -5],
      23: [0.418, 0.2145, -2.3216, -2.7904, -3.4092],
    };
    for (const [t, row] of Object.entries(wanted))
      [0, 1, 10, 40, 79].forEach((m, i) => {
        expect((data[Number(t) * 80 + m] ?? NaN) / Math.LN10).toBeCloseTo(row[i] ?? NaN, 3);
      });
  });

  it('are told by a preprocessor_config.json beside it', () => {
    expect(vocoderForm(tinyHifigan, tinyExtractor)).toMatchObject({
      form: { sampleRate: 8000, nFft: 256, hop: 64, mels: 32, fMin: 80, fMax: 3800 },
    });
  });

  it('are refused with the figure that is in the way', () => {
    const rates = { upsample_rates: [5, 5, 4, 3], upsample_kernel_sizes: [10, 10, 8, 6] };
    expect(vocoderForm({ ...speecht5, ...rates }, undefined)).toEqual({
      fault: { what: 'window', found: 1200 },
    });
    const faults = [
      [{ ...speecht5, sampling_rate: 8000 }, undefined, 'top'],
      [{ ...speecht5, sampling_rate: 96_000 }, undefined, 'rate'],
      [{ ...speecht5, model_in_dim: 512 }, undefined, 'mels'],
      [{ ...speecht5, upsample_rates: [2], upsample_kernel_sizes: [4] }, undefined, 'hop'],
      [speecht5, { win_function: 'hamming_window' }, 'windowKind'],
      [speecht5, { fmin: 8000 }, 'top'],
      [speecht5, { sampling_rate: 22_050 }, 'contradiction'],
      [speecht5, { num_mel_bins: 100 }, 'contradiction'],
      [speecht5, { hop_length: 10 }, 'contradiction'],
      [speecht5, { fmin: 'low' }, 'contradiction'],
      [speecht5, null, 'contradiction'],
    ] as const;
    for (const [config, preprocessor, what] of faults)
      expect(vocoderForm(config, preprocessor)).toMatchObject({
        fault: { what },
      });
  });

  it('are not looked for in another model', () => {
    expect(isVocoderConfig(speecht5)).toBe(true);
    for (const other of [undefined, null, [], {}, { model_type: 'vits' }])
      expect(isVocoderConfig(other)).toBe(false);
  });
});

describe('a vocoder', () => {
  const frames = 90;
  const mels = Float32Array.from({ length: frames * 32 }, (_, i) => -4 + 3 * Math.sin(i * 0.37));
  const spectrum = { frames, width: 32, data: mels };

  it('makes the same of pieces as of the whole, with logarithms to the base 10', async () => {
    const weights = randomHifigan(tinyHifigan);
    const vocoder = await Vocoder.load(weights, tinyHifigan);
    const pieces: number[] = [];
    for await (const piece of vocoder.speak(spectrum)) pieces.push(piece.length);
    expect(pieces.length).toBeGreaterThan(1);
    const own = await speakWhole(vocoder, spectrum);
    expect(own).toHaveLength(frames * 64);
    const plain = await Hifigan.load(weights, hifiganConfig(tinyHifigan));
    const wave = tf.tidy(() =>
      plain.vocode(
        tf.tensor3d(
          mels.map((x) => x / Math.LN10),
          [1, frames, 32],
        ),
      ),
    );
    const whole = await wave.data<'float32'>();
    expect(Math.max(...whole.map(Math.abs))).toBeGreaterThan(0.01);
    own.forEach((sample, i) => {
      expect(Math.abs(sample - (whole[i] ?? NaN))).toBeLessThan(1e-5);
    });
    wave.dispose();
    plain.dispose();
    vocoder.dispose();
    expect(tf.memory().numTensors).toBe(0);
  });

  it("is the same from a voice's folder, whatever its tensors were called", async () => {
    const inside = randomHifigan(tinyHifigan);
    const names = () => inside.names().map((name) => `vocoder.${name}`);
    const weights = { ...renamed(inside, names, (name) => name.replace('vocoder.', '')), names };
    const files = await vocoderFiles(weights, tinyHifigan);
    expect(Object.keys(files)).toEqual(['vocoder/config.json', 'vocoder/model.safetensors']);
    const read = (name: string): Promise<Uint8Array | undefined> => {
      const content = files[name];
      return Promise.resolve(typeof content === 'string' ? Buffer.from(content) : content);
    };
    const [first, second] = [await Vocoder.load(inside, tinyHifigan), await Vocoder.fromVoice({ read })];
    expect([second.sampleRate, second.mels, second.hop]).toEqual([8000, 32, 64]);
    expect(await speakWhole(second, spectrum)).toEqual(await speakWhole(first, spectrum));
    first.dispose();
    second.dispose();
    await expect(Vocoder.fromVoice({ read: () => Promise.resolve(undefined) })).rejects.toMatchObject({
      code: 'model.corrupt',
    });
  });

  it('refuses other bands and an abort', async () => {
    const vocoder = await Vocoder.load(randomHifigan(tinyHifigan), tinyHifigan);
    await expect(speakWhole(vocoder, { ...spectrum, frames: 36, width: 80 })).rejects.toMatchObject({
      code: 'input.invalid',
    });
    await expect(speakWhole(vocoder, spectrum, AbortSignal.abort())).rejects.toThrow();
    vocoder.dispose();
    expect(tf.memory().numTensors).toBe(0);
  });
});
