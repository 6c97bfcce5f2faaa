/** Installs the native engine: what the installer's process does. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { InstallProgress } from '../../../../protocol/api/engines';
import { StudioError } from '../../../../protocol/wire/errors';
import { provisionTensorflow } from '../../../../scripts/lib/tensorflow/provision.mjs';
import { verifyEngine } from '../../../../scripts/lib/tensorflow/verify.mjs';
import type { HttpSend } from '../../../hub/http';
import { tfjsVersion } from '../locate';
import { findUp } from '../place';
import { fetchFile } from './fetchFile';
import { officialIndex } from './indexAddress';
import { findOnIndex } from './packageIndex';
import { indexOfPip, preflight } from './preflight';

export interface InstallOptions {
  readonly storagePath: string;
  /** `configured`, `official`, or an address. */
  readonly source: string | undefined;
  readonly send: HttpSend;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: InstallProgress) => void;
}

/** Answers the engine's folder. Rejects with a StudioError, or what aborted the signal. */
export async function installEngine(options: InstallOptions): Promise<string> {
  const { storagePath, signal, onProgress } = options;
  onProgress({ step: 'check' });
  await preflight(storagePath);
  const sources = sourcesHere();
  const probe = need(
    findUp('engineProbe.js', path.join('dist', 'backend', 'engineProbe.js')),
    'the trial program',
  );
  const wheels = path.join(storagePath, 'wheels');
  try {
    const folder = await provisionTensorflow({
      cache: storagePath,
      kit: {
        tfjsNode: tfjsVersion,
        sources,
        fetchWheel: (_, { requirement, sha256 }) =>
          fetchWheel(options, { project: requirement.split('==')[0] ?? '', sha256, folder: wheels }),
        verify: (built) => verifyEngine({ probe, folder: built, signal }),
        onStep: (step) => onProgress({ step }),
        signal,
      },
    });
    // 230 MB that nobody needs again; a broken download stays, so that it goes on.
    await rm(wheels, { recursive: true, force: true });
    return folder;
  } catch (error) {
    signal.throwIfAborted();
    throw known(error);
  }
}

interface Sources {
  readonly binding: string;
  readonly include: string;
}

function sourcesHere(): Sources {
  const shipped = findUp(path.join('tensorflow', 'binding', 'tfjs_binding.cc'));
  if (shipped !== undefined) {
    const folder = path.dirname(path.dirname(shipped));
    return { binding: path.join(folder, 'binding'), include: path.join(folder, 'include') };
  }
  const modules = need(findUp(path.join('node_modules', 'node-api-headers')), 'the headers of N-API');
  return {
    binding: path.join(path.dirname(modules), '@tensorflow', 'tfjs-node', 'binding'),
    include: path.join(modules, 'include'),
  };
}

interface WheelPlace {
  readonly project: string;
  readonly sha256: string;
  readonly folder: string;
}

async function fetchWheel(options: InstallOptions, { project, sha256, folder }: WheelPlace): Promise<string> {
  const { send, signal, onProgress } = options;
  const index = await indexOf(options.source);
  onProgress({ step: 'download', host: new URL(index).host });
  const { url, size } = await findOnIndex(index, project, sha256, { send, signal });
  const { host } = new URL(url);
  return fetchFile({
    ...{ url, size, sha256, send, signal },
    target: path.join(folder, `${sha256.slice(0, 16)}.whl`),
    onProgress: (bytesDone, total) =>
      onProgress({
        step: 'download',
        host,
        bytesDone,
        ...(total === undefined ? {} : { bytesTotal: total }),
      }),
  });
}

async function indexOf(source: string | undefined): Promise<string> {
  if (source === 'official') return officialIndex;
  if (source !== undefined && source !== 'configured') return source;
  const found = await indexOfPip();
  if (found !== undefined) return found;
  if (source === undefined) return officialIndex;
  const text =
    'pip names no package index on this machine. Choose pypi.org, or give the address of an index.';
  throw new StudioError('engine.unavailable', text);
}

function need(file: string | undefined, what: string): string {
  if (file !== undefined) return file;
  throw new StudioError('engine.unavailable', `This installation of Goya lacks ${what}; install Goya again.`);
}

/** The shared build code throws errors whose messages are written for people. */
function known(error: unknown): StudioError {
  if (error instanceof StudioError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StudioError('engine.unavailable', message, { cause: error });
}
