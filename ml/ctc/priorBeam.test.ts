import { describe, expect, it } from 'vitest';
import { CharacterPrior } from './characterPrior';
import { beamDecode } from './decode';
import { priorBeamDecode } from './priorBeam';

const labels = ['', 'ا', 'ب', 'پ'];

function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

const scoresOf = (frames: number, seed: number): Float32Array => {
  const next = random(seed);
  return Float32Array.from({ length: frames * labels.length }, () => 4 * next());
};

describe('the search with a prior', () => {
  const flat = { spelling: CharacterPrior.count(['اب'], 1) };

  it('is the search without one when the prior has no weight', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const scores = scoresOf(9, seed);
      const found = priorBeamDecode(scores, 9, 4, {
        prior: flat,
        labels,
        weight: 0,
        perCharacter: 0,
        width: 200,
      });
      expect(found).toEqual(beamDecode(scores, 9, 4, { width: 200 })[0]?.labels);
    }
  });

  it('decides between letters that sound alike by what texts say', () => {
    // ب and پ are equally likely in the second frame.
    const scores = new Float32Array([0, 9, 0, 0, 0, 0, 5, 5, 9, 0, 0, 0]);
    const heard = (text: string): number[] =>
      priorBeamDecode(scores, 3, 4, {
        prior: { spelling: CharacterPrior.count([text], 3) },
        labels,
        weight: 1,
        perCharacter: 0,
      });
    expect(heard('اب')).toEqual([1, 2]);
    expect(heard('اپ')).toEqual([1, 3]);
  });

  it('hears nothing in no frames', () => {
    expect(priorBeamDecode(new Float32Array(), 0, 4, { prior: flat, labels })).toEqual([]);
  });
});
