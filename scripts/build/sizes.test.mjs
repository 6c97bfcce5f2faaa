import { describe, expect, it } from 'vitest';
import { checkSizes, loadedAtOnce } from './sizes.mjs';

const metafile = {
  outputs: {
    'main.js': {
      bytes: 10,
      imports: [
        { path: 'shared.js', kind: 'import-statement' },
        { path: 'heavy.js', kind: 'dynamic-import' },
        { path: 'node:fs', kind: 'import-statement', external: true },
      ],
    },
    'shared.js': { bytes: 5, imports: [{ path: 'main.js', kind: 'import-statement' }] },
    'heavy.js': { bytes: 1000, imports: [] },
  },
};

describe('sizes of the build', () => {
  it('count static imports once, and nothing that is loaded later', () => {
    expect(loadedAtOnce(metafile, 'main.js')).toBe(15);
  });

  it('fail a build over its budget, naming the entry and both figures', () => {
    expect(() => checkSizes(metafile, { 'main.js': 15 })).not.toThrow();
    expect(() => checkSizes(metafile, { 'main.js': 14 })).toThrow(/main\.js.* 15 .* 14 /);
  });
});
