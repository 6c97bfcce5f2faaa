/** Bytes needed on disk while building: wheel 230 MB, libraries 683 MB, headers and slack. */
export const bytesNeeded = 1_200_000_000;

/**
 * The build of TensorFlow that Goya uses, and the wheel that carries it on each platform where this was tried.
 * The sha256 is the package index's own for that file; pip and we both check it.
 */
export const release = {
  version: '2.18.1',
  wheels: {
    'linux-x64': {
      requirement: 'tensorflow-cpu==2.18.1',
      what: 'TensorFlow',
      size: '230 MB',
      sha256: '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298',
      pythonVersion: '3.11',
      platforms: ['manylinux_2_17_x86_64', 'manylinux2014_x86_64'],
    },
  },
};

/** Goya's own operations in an engine's folder. The number counts up with each change of their sources (kernels.test.mjs). */
export const kernelsFile = 'lib/goya_kernels-5.node';

/** The wheel for a platform; undefined where the native engine is not built. */
export function wheelFor(platform = process.platform, arch = process.arch) {
  return release.wheels[`${platform}-${arch}`];
}

/** Which members of the wheel are kept, and where: libraries for running, headers for compiling. */
export function placeOf(name) {
  const library = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/.exec(name);
  if (library) return { kind: 'library', path: library[1] };
  const header =
    /^tensorflow\/include\/(tensorflow\/(?:c|core\/platform|core\/util|tsl)|xla\/tsl|tsl)\/.+\.(?:h|inc)$/;
  if (header.test(name)) return { kind: 'header', path: name.slice('tensorflow/include/'.length) };
  return undefined;
}
