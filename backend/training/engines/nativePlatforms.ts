/** Where the native engine can be had, and what a person does elsewhere. */
import { say } from '../../language/say';

/** `<platform>-<arch>` of Node; those of the wheels in scripts/lib/tensorflow/release.mjs. */
export const nativePlatforms: readonly string[] = ['linux-x64'];

/** Those of the packages in scripts/lib/onnx/release.mjs. */
export const onnxPlatforms: readonly string[] = [
  'linux-x64',
  'linux-arm64',
  'darwin-x64',
  'darwin-arm64',
  'win32-x64',
];

/** Why ONNX models do not run on this kind of machine; undefined where they do. */
export function noOnnxHere(
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): string | undefined {
  const here = `${platform}-${arch}`;
  if (onnxPlatforms.includes(here)) return undefined;
  return say`The ONNX engine is built for ${onnxPlatforms.join(', ')}; this is ${here}.`;
}

/** Why there is none on this kind of machine and the way round it; undefined where it can be installed. */
export function notBuiltHere(
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): string | undefined {
  const here = `${platform}-${arch}`;
  if (nativePlatforms.includes(here)) return undefined;
  return platform === 'win32' && arch === 'x64'
    ? say`Native TensorFlow is built for Linux on x64 only, this is ${here}: Goya trains on WebAssembly here. To train natively, open the folder in WSL and install the engine there.`
    : say`Native TensorFlow is built for Linux on x64 only, this is ${here}: Goya trains on WebAssembly here. To train natively, open the folder over SSH on such a machine and install the engine there.`;
}
