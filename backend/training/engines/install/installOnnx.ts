/** Puts the ONNX engine together: sherpa-onnx from npm's registry, espeak-ng's data from a Python index. Nothing is compiled. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { provisionOnnx } from '../../../../scripts/lib/onnx/provision.mjs';
import { verifyOnnx } from '../../../../scripts/lib/onnx/verify.mjs';
import { findUp } from '../place';
import { preflight } from './preflight';
import { archivesOf, fetchPackage, fetchWheel, known, need, type InstallOptions } from './sources';

/** Answers the engine's folder. Rejects with a StudioError, or what aborted the signal. */
export async function installOnnx(options: InstallOptions): Promise<string> {
  const { storagePath, source, signal, onProgress } = options;
  onProgress({ step: 'check' });
  await preflight('onnx', storagePath);
  const program = need(
    findUp(path.join('onnx-trial', 'probe.cjs'), path.join('scripts', 'lib', 'onnx', 'trial', 'probe.cjs')),
    'the trial program',
  );
  // An address is that of an npm registry: the data then comes from the Python index that pip asks here.
  const pythonSource = source === 'configured' || source === 'official' ? source : undefined;
  try {
    const folder = await provisionOnnx({
      cache: storagePath,
      kit: {
        fetchPackage: (_, wanted) => fetchPackage(options, wanted),
        fetchWheel: (_, wheel) => fetchWheel(options, wheel, pythonSource),
        verify: (built) => verifyOnnx({ trial: path.dirname(program), folder: built, signal }),
        onStep: (step) => onProgress({ step }),
        signal,
      },
    });
    await rm(archivesOf(options), { recursive: true, force: true });
    return folder;
  } catch (error) {
    signal.throwIfAborted();
    throw known(error);
  }
}
