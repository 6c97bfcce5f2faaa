import type { Engine } from '../../../protocol/model/plugin';
import { say } from '../../language/say';
import { findNative, findOnnx, tfjsVersion, type SearchOptions } from './locate';
import { noOnnxHere, notBuiltHere } from './nativePlatforms';
import { wasmFolder } from './place';

/** What to do about a missing native engine. */
export const installHint = (): string =>
  say`install it with the command "Goya: Install Native TensorFlow Engine"`;

/** What to do about a missing engine for ONNX models. */
export const onnxHint = (): string => say`install it with the command "Goya: Install ONNX Engine"`;

/** The engine that runs ONNX voices and recognisers; it trains nothing. */
export async function describeOnnx(options: SearchOptions): Promise<Engine> {
  const { engine, reason } = await findOnnx(options);
  if (engine !== undefined) return { name: 'onnx', available: true, version: engine.version, reason };
  const why = noOnnxHere(options.platform, options.arch) ?? say`${reason}; ${onnxHint()}`;
  return { name: 'onnx', available: false, reason: why };
}

/** The engines of this machine, best first; looks at files only. A file may still fail to load: the trainer then says why. */
export async function describeEngines(options: SearchOptions): Promise<Engine[]> {
  const native = await findNative(options);
  const wasm = wasmFolder();
  return [
    native.engine === undefined
      ? {
          name: 'tensorflow',
          available: false,
          reason: notBuiltHere(options.platform, options.arch) ?? say`${native.reason}; ${installHint()}`,
        }
      : { name: 'tensorflow', available: true, version: native.engine.version, reason: native.reason },
    wasm === undefined
      ? { name: 'wasm', available: false, reason: say`its .wasm files are missing from this installation` }
      : {
          name: 'wasm',
          available: true,
          version: tfjsVersion,
          reason: say`WebAssembly, several times slower than tensorflow`,
        },
    {
      name: 'cpu',
      available: true,
      version: tfjsVersion,
      reason: say`plain JavaScript: the last resort, very slow`,
    },
  ];
}
