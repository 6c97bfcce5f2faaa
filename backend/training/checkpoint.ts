/**
 * Checkpoints: `<folder>/epoch-0003-step-000120/` with `model.json`, `weights.bin` and `goya.json` (so that it runs
 * as a model), `optimizer.bin` and `state.json`. Written aside, made durable, renamed; verified by hash when read.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { metadataFile } from '../../ml/trained/metadata';
import { StudioError } from '../../protocol/wire/errors';
import { sweepAside, writeFolder, type FolderFiles } from './asideFolder';
import { checkpointState, type CheckpointState } from './state';

export interface CheckpointContent {
  readonly modelJson: string;
  readonly weights: Uint8Array;
  readonly optimizer: Uint8Array;
  /** JSON of `goya.json`. */
  readonly metadata: unknown;
  readonly state: Omit<CheckpointState, 'sha256' | 'formatVersion'>;
  /** What else the model needs to be tried: `goya.json` names it. */
  readonly extra?: FolderFiles;
}

export interface LoadedCheckpoint {
  readonly folder: string;
  readonly weights: Uint8Array;
  readonly weightSpecs: CheckpointState['optimizer']['specs'];
  readonly optimizer: Uint8Array;
  readonly state: CheckpointState;
}

const stateFile = 'state.json';
const folderPattern = /^epoch-(\d+)-step-(\d+)$/;

export function checkpointName(epoch: number, step: number): string {
  return `epoch-${String(epoch).padStart(4, '0')}-step-${String(step).padStart(6, '0')}`;
}

/** Answers the folder it made. Throws `training.outputFailed`. */
export async function saveCheckpoint(parent: string, content: CheckpointContent): Promise<string> {
  const { state } = content.state;
  const folder = path.join(parent, checkpointName(state.epoch, state.step));
  const files: FolderFiles = {
    ...content.extra,
    'model.json': content.modelJson,
    'weights.bin': content.weights,
    'optimizer.bin': content.optimizer,
    [metadataFile]: JSON.stringify(content.metadata, null, 2),
  };
  const sha256 = Object.fromEntries(Object.entries(files).map(([name, data]) => [name, hash(data)]));
  const record: CheckpointState = { formatVersion: 1, ...content.state, sha256 };
  try {
    await writeFolder(folder, { ...files, [stateFile]: JSON.stringify(record) });
  } catch (error) {
    throw writeFailed('checkpoint', folder, error);
  }
  return folder;
}

/** Every file as it was written, or an error that names the one that is not. */
export async function loadCheckpoint(folder: string): Promise<LoadedCheckpoint> {
  const state = checkpointState.parse(JSON.parse(await readFile(path.join(folder, stateFile), 'utf8')));
  const files = new Map<string, Uint8Array>();
  for (const [name, expected] of Object.entries(state.sha256)) {
    const data = await readFile(path.join(folder, name));
    if (hash(data) !== expected)
      throw new Error(`${path.join(folder, name)} is damaged: its hash is not the recorded one`);
    files.set(name, data);
  }
  const file = (name: string): Uint8Array => {
    const data = files.get(name);
    if (data === undefined) throw new Error(`${folder} lacks ${name}`);
    return data;
  };
  const modelJson = JSON.parse(Buffer.from(file('model.json')).toString('utf8')) as {
    weightsManifest: { weights: CheckpointState['optimizer']['specs'] }[];
  };
  return {
    folder,
    weights: file('weights.bin'),
    weightSpecs: modelJson.weightsManifest.flatMap((group) => group.weights),
    optimizer: file('optimizer.bin'),
    state,
  };
}

/** Finished checkpoints of a run, the furthest on last; leftovers of interrupted writers are removed. */
export async function listCheckpoints(parent: string): Promise<string[]> {
  await sweepAside(parent);
  const names = await readdir(parent).catch(() => []);
  const found = names.flatMap((name) => {
    const match = folderPattern.exec(name);
    return match === null ? [] : [{ name, step: Number(match[2]), epoch: Number(match[1]) }];
  });
  return found
    .sort((a, b) => a.step - b.step || a.epoch - b.epoch)
    .map(({ name }) => path.join(parent, name));
}

/** The furthest checkpoint that is whole, with why any later one is not. */
export async function latestCheckpoint(
  parent: string,
): Promise<{ checkpoint: LoadedCheckpoint | undefined; damaged: string[] }> {
  const damaged: string[] = [];
  for (const folder of (await listCheckpoints(parent)).reverse()) {
    try {
      return { checkpoint: await loadCheckpoint(folder), damaged };
    } catch (error) {
      damaged.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { checkpoint: undefined, damaged };
}

/** Deletes all but the newest `keep` and those named; answers what was deleted. */
export async function pruneCheckpoints(
  parent: string,
  keep: number,
  spared: readonly string[],
): Promise<string[]> {
  const all = await listCheckpoints(parent);
  const doomed = all.slice(0, Math.max(0, all.length - keep)).filter((folder) => !spared.includes(folder));
  await Promise.all(doomed.map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 3 })));
  return doomed;
}

/** A failed write as an error that says where and what to do. */
export function writeFailed(what: string, folder: string, error: unknown): StudioError {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: 'The disk is full. Free some space, then resume the run.',
    EDQUOT: 'The disk quota is used up. Free some space, then resume the run.',
    EACCES:
      'The folder may not be written to. Change its permissions or choose another one, then resume the run.',
    EPERM:
      'The folder may not be written to. Change its permissions or choose another one, then resume the run.',
    EROFS: 'The disk is read-only. Choose another folder, then resume the run.',
    ENOTDIR: 'A file stands where a folder is needed. Choose another folder, then resume the run.',
  };
  const advice = reasons[code] ?? `${error instanceof Error ? error.message : String(error)}.`;
  return new StudioError(
    'training.outputFailed',
    `The ${what} could not be written to ${folder}. ${advice}`,
    {
      cause: error,
      details: { path: folder, code },
    },
  );
}

function hash(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
