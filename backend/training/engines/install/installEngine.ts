/** Builds native TensorFlow: what the installer's process does when asked for it. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { provisionTensorflow } from '../../../../scripts/lib/tensorflow/provision.mjs';
import { verifyEngine } from '../../../../scripts/lib/tensorflow/verify.mjs';
import { tfjsVersion } from '../locate';
import { findUp } from '../place';
import { preflight } from './preflight';
import { archivesOf, fetchWheel, known, need, type InstallOptions } from './sources';

/** Answers the engine's folder. Rejects with a StudioError, or what aborted the signal. */
export async function installEngine(options: InstallOptions): Promise<string> {
  const { storagePath, signal, onProgress } = options;
  onProgress({ step: 'check' });
  await preflight('tensorflow', storagePath);
  const sources = sourcesHere();
  const probe = need(
    findUp('engineProbe.js', path.join('dist', 'backend', 'engineProbe.js')),
    'the trial program',
  );
  try {
    const folder = await provisionTensorflow({
      cache: storagePath,
      kit: {
        tfjsNode: tfjsVersion,
        sources,
        fetchWheel: (_, wheel) => fetchWheel(options, wheel),
        verify: (built) => verifyEngine({ probe, folder: built, signal }),
        onStep: (step) => onProgress({ step }),
        signal,
      },
    });
    // 230 MB that nobody needs again; a broken download stays, so that it goes on.
    await rm(archivesOf(options), { recursive: true, force: true });
    return folder;
  } catch (error) {
    signal.throwIfAborted();
    throw known(error);
  }
}

interface Sources {
  readonly binding: string;
  readonly kernels: string;
  readonly include: string;
}

function sourcesHere(): Sources {
  const shipped = findUp(path.join('tensorflow', 'binding', 'tfjs_binding.cc'));
  if (shipped !== undefined) {
    const folder = path.dirname(path.dirname(shipped));
    const [binding, kernels, include] = ['binding', 'kernels', 'include'].map((name) =>
      path.join(folder, name),
    );
    return { binding, kernels, include } as Sources;
  }
  const modules = need(findUp(path.join('node_modules', 'node-api-headers')), 'the headers of N-API');
  return {
    binding: path.join(path.dirname(modules), '@tensorflow', 'tfjs-node', 'binding'),
    kernels: need(
      findUp(path.join('backend', 'training', 'engines', 'kernels')),
      'the sources of its operations',
    ),
    include: path.join(modules, 'include'),
  };
}
