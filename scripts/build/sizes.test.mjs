import { describe, expect, it } from 'vitest';
import { checkPages, checkSizes, loadedAtOnce, withoutTensorFlow } from './sizes.mjs';

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

  const pages = {
    outputs: {
      'dist/webviews/page.js': {
        bytes: 40,
        inputs: { 'webviews/page/main.ts': { bytesInOutput: 40 } },
        imports: [
          { path: 'dist/webviews/chunks/shared.js', kind: 'import-statement' },
          { path: 'dist/webviews/chunks/later.js', kind: 'dynamic-import' },
        ],
      },
      'dist/webviews/chunks/shared.js': {
        bytes: 500,
        inputs: {
          'node_modules/@tensorflow/tfjs-core/a.js': { bytesInOutput: 450 },
          'node_modules/zod/b.js': { bytesInOutput: 50 },
        },
        imports: [],
      },
      'dist/webviews/chunks/later.js': {
        bytes: 95,
        inputs: { 'ml/c.ts': { bytesInOutput: 95 } },
        imports: [],
      },
    },
  };

  it('count everything that a page loads at its start, and tf.js not', () => {
    expect(withoutTensorFlow(pages, 'dist/webviews/page.js')).toBe(90);
  });

  it('fail a build whose page, or a later part of it, is over the budget of pages', () => {
    expect(() => checkPages(pages, 95)).not.toThrow();
    expect(() => checkPages(pages, 94)).toThrow(/later\.js.* 95 .* 94 /);
    expect(() => checkPages(pages, 89)).toThrow(/page\.js.* 90 .* 89 /);
  });
});
