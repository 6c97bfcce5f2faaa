import { describe, expect, it } from 'vitest';
import { placeOf } from './release.mjs';

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
