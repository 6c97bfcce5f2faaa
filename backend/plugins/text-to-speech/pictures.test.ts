import { describe, expect, it } from 'vitest';
import { likelihoods, melLevels } from './pictures';

describe('pictures of a voice', () => {
  it('lay bands out as rows, within the range of the recording', () => {
    const mels = { frames: 3, width: 2, data: Float32Array.of(0, 10, 5, 20, -3, 7.5) };
    const { columns, rows, levels } = melLevels(mels, { low: 0, high: 10 });
    expect([columns, rows]).toEqual([3, 2]);
    expect([...levels]).toEqual([0, 128, 0, 255, 255, 191]);
  });

  it('say of each frame how likely each sound is', () => {
    // Two sounds and three frames: sure of the first, torn, sure of the second; far below zero, where exponents vanish.
    const scores = [-2000, -1000, -3000, -3000, -1000, -2000];
    expect([...likelihoods(scores, 2, 3).levels]).toEqual([255, 128, 0, 0, 128, 255]);
    const tilted = likelihoods([Math.log(3), 0], 2, 1);
    expect([...tilted.levels]).toEqual([191, 64]);
  });
});
