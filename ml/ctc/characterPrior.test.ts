import { describe, expect, it } from 'vitest';
import { CharacterPrior, edge, priorFile } from './characterPrior';

const alphabet = ['ب', 'ا', 'ن', ' '];

describe('the prior', () => {
  const prior = CharacterPrior.count(['نان با نان', 'بانان'], 4);

  it('prefers what stood after a context, and knows where texts end', () => {
    const [b = 0, a = 0, n = 0] = prior.after('نا', alphabet);
    expect(n).toBeGreaterThan(a);
    expect(n).toBeGreaterThan(b);
    expect(prior.end('نان')).toBeGreaterThan(prior.end('نا'));
  });

  it('gives probabilities: of all characters together never more than one', () => {
    for (const context of [edge, 'نا', 'ززز', '']) {
      const sum = prior.after(context, [...alphabet, edge]).reduce((total, log) => total + Math.exp(log), 0);
      expect(sum).toBeGreaterThan(0.7);
      expect(sum).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  it('falls back on shorter contexts for what was never seen', () => {
    expect(prior.after('ژژن', alphabet)[1]).toBeCloseTo(prior.after('ن', alphabet)[1] ?? 0, 10);
    expect(prior.after('ن', ['x'])[0]).toBeLessThan(Math.log(0.01));
  });

  it('is the same from its file', () => {
    const again = CharacterPrior.fromFile(priorFile.parse(JSON.parse(JSON.stringify(prior.toFile()))));
    expect([...again.after('با', alphabet)]).toEqual([...prior.after('با', alphabet)]);
  });

  it('counts characters that are names of objects, too', () => {
    const odd = CharacterPrior.count(['__proto__ constructor'], 3);
    expect(odd.after('_', ['_'])[0]).toBeGreaterThan(Math.log(0.3));
  });
});
