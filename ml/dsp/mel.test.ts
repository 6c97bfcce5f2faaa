import { describe, expect, it } from 'vitest';
import { MlError } from '../errors';
import { hifiganLogMel, LogMel, whisperLogMel } from './logMel';
import { hzToMel, MelFilterBank, melToHz } from './mel';
import { padSignal, spectrogram } from './stft';
import reference from './testdata/mel.json';

type Scale = 'slaney' | 'htk';

describe('MelFilterBank', () => {
  it.each(reference.filters)('equals librosa: $scale scale, $norm norm', ({ weights, ...options }) => {
    const bank = new MelFilterBank({
      ...options,
      scale: options.scale as Scale,
      norm: options.norm as 'slaney' | 'none',
    });
    expect(bank.weights).toHaveLength(weights.flat().length);
    weights.flat().forEach((weight, i) => expect(bank.weights[i]).toBeCloseTo(weight, 7));
  });

  it.each(['slaney', 'htk'] as const)('inverts the %s scale', (scale) => {
    for (const hz of [0, 50, 999, 1000, 1001, 7600])
      expect(melToHz(hzToMel(hz, scale), scale)).toBeCloseTo(hz, 8);
  });

  it('refuses a range beyond half the sampling rate', () => {
    expect(() => new MelFilterBank({ sampleRate: 8000, nFft: 64, mels: 4, fMin: 0, fMax: 8000 })).toThrow(
      MlError,
    );
  });
});

describe('LogMel', () => {
  it.each(reference.spectra)(
    'equals librosa: n_fft $nFft, power $power, $padMode',
    ({ logMel, ...options }) => {
      const frames = new LogMel({
        sampleRate: 8000,
        mels: 5,
        fMin: 0,
        fMax: 4000,
        floor: 1e-5,
        nFft: options.nFft,
        hop: options.hop,
        pad: options.nFft / 2,
        power: options.power as 1 | 2,
        padMode: options.padMode as 'reflect' | 'constant',
      }).compute(Float32Array.from(reference.signal));
      expect([frames.frames, frames.width]).toEqual([logMel.length, 5]);
      logMel.flat().forEach((value, i) => expect(frames.data[i]).toBeCloseTo(value, 4));
    },
  );

  it('makes as many frames for a vocoder as the hop divides the signal into', () => {
    const mel = hifiganLogMel({ sampleRate: 22_050, nFft: 1024, hop: 256, mels: 80, fMin: 0, fMax: 8000 });
    expect(mel.compute(new Float32Array(256 * 20)).frames).toBe(20);
  });
});

describe('whisperLogMel', () => {
  it('fills 30 s, and holds silence at 8 decades below the maximum', () => {
    const samples = Float32Array.from({ length: 4000 }, (_, i) => 0.5 * Math.sin(i * 0.3));
    const { frames, width, data } = whisperLogMel(samples);
    expect([frames, width]).toEqual([3000, 80]);
    const highest = data.reduce((a, b) => Math.max(a, b));
    const lowest = data.reduce((a, b) => Math.min(a, b));
    expect(highest - lowest).toBeCloseTo(2, 5);
    expect(data[2999 * 80]).toBeCloseTo(lowest, 6);
  });
});

describe('padding', () => {
  it('mirrors without repeating the end, over and over for short signals', () => {
    expect([...padSignal(Float32Array.of(1, 2, 3), 5, 'reflect')]).toEqual([
      2, 1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2,
    ]);
    expect([...padSignal(Float32Array.of(1, 2), 1, 'constant')]).toEqual([0, 1, 2, 0]);
    expect([...padSignal(Float32Array.of(7), 2, 'reflect')]).toEqual([7, 7, 7, 7, 7]);
  });

  it('refuses a signal shorter than a window that is not padded', () => {
    const options = { nFft: 64, hop: 16, pad: 0, padMode: 'constant', power: 2 } as const;
    expect(() => spectrogram(new Float32Array(10), options)).toThrow(MlError);
  });
});
