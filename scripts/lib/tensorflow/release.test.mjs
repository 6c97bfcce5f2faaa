import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { kernelsFile, placeOf } from './release.mjs';

describe('placeOf', () => {
  it('keeps the two libraries and the C headers', () => {
    expect(placeOf('tensorflow/libtensorflow_cc.so.2')).toEqual({
      kind: 'library',
      path: 'libtensorflow_cc.so.2',
    });
    expect(placeOf('tensorflow/include/tensorflow/c/eager/c_api.h')).toEqual({
      kind: 'header',
      path: 'tensorflow/c/eager/c_api.h',
    });
  });

  it.each([
    'tensorflow/python/_pywrap_tensorflow_internal.so',
    'tensorflow/include/Eigen/Core',
    'tensorflow/include/tensorflow/core/kernels/conv.h',
    'tensorflow/x/libtensorflow_cc.so.2',
  ])('leaves %s', (name) => {
    expect(placeOf(name)).toBeUndefined();
  });
});

describe("the sources of Goya's own operations", () => {
  it('have the number of their last change in the name of what is compiled', async () => {
    const folder = new URL('../../../backend/training/engines/kernels/', import.meta.url);
    const hash = createHash('sha256');
    for (const name of (await readdir(folder)).sort()) hash.update(await readFile(new URL(name, folder)));
    // Another hash? Count `kernelsFile` up in release.mjs, so that engines that are there get the new ones.
    expect([kernelsFile, hash.digest('hex').slice(0, 16)]).toEqual([
      'lib/goya_kernels-5.node',
      'c2eddbbf7343efad',
    ]);
  });
});
