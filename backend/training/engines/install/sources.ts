/** Where an engine's parts are fetched from, and where the parts that ship with Goya lie. */
import path from 'node:path';
import { StudioError } from '../../../../protocol/wire/errors';
import type { InstallProgress } from '../../../../protocol/api/engines';
import type { HttpSend } from '../../../hub/http';
import { fetchFile } from './fetchFile';
import { officialIndex } from './indexAddress';
import { configuredRegistry, officialRegistry, packageAddress } from './npmRegistry';
import { findOnIndex } from './packageIndex';
import { indexOfPip } from './preflight';

export interface InstallOptions {
  readonly storagePath: string;
  /** `configured`, `official`, or an address. */
  readonly source: string | undefined;
  readonly send: HttpSend;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: InstallProgress) => void;
}

/** Where archives lie until the engine stands. */
export const archivesOf = ({ storagePath }: InstallOptions): string => path.join(storagePath, 'wheels');

export interface WantedWheel {
  /** `name==version` */
  readonly requirement: string;
  readonly sha256: string;
}

/** `source` is that of the options, unless it names an index of another kind. */
export async function fetchWheel(
  options: InstallOptions,
  { requirement, sha256 }: WantedWheel,
  source = options.source,
): Promise<string> {
  const { send, signal, onProgress } = options;
  const index = await indexOf(source);
  onProgress({ step: 'download', host: new URL(index).host });
  const project = requirement.split('==')[0] ?? '';
  const { url, size } = await findOnIndex(index, project, sha256, { send, signal });
  return fetched(options, { url, size, sha256, name: `${sha256.slice(0, 16)}.whl` });
}

export interface WantedPackage {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
}

/** A package of npm's registry. */
export async function fetchPackage(options: InstallOptions, wanted: WantedPackage): Promise<string> {
  const url = packageAddress(await registryOf(options.source), wanted.name, wanted.version);
  options.onProgress({ step: 'download', host: new URL(url).host });
  const { sha256 } = wanted;
  return fetched(options, { url, sha256, name: `${sha256.slice(0, 16)}.tgz` });
}

interface Archive {
  readonly url: string;
  readonly sha256: string;
  readonly name: string;
  readonly size?: number | undefined;
}

function fetched(options: InstallOptions, { name, ...archive }: Archive): Promise<string> {
  const { send, signal, onProgress } = options;
  const { host } = new URL(archive.url);
  return fetchFile({
    ...{ ...archive, send, signal },
    target: path.join(archivesOf(options), name),
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

/** npm has a registry even where none is set: its own. */
async function registryOf(source: string | undefined): Promise<string> {
  if (source === 'official') return officialRegistry;
  if (source !== undefined && source !== 'configured') return source;
  return (await configuredRegistry()) ?? officialRegistry;
}

export function need(file: string | undefined, what: string): string {
  if (file !== undefined) return file;
  throw new StudioError('engine.unavailable', `This installation of Goya lacks ${what}; install Goya again.`);
}

/** The shared build code throws errors whose messages are written for people. */
export function known(error: unknown): StudioError {
  if (error instanceof StudioError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StudioError('engine.unavailable', message, { cause: error });
}
