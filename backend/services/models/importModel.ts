/** Taking a folder into the library, where it lies. */
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Model } from '../../../protocol/model/model';
import { StudioError } from '../../../protocol/wire/errors';
import { checkRepoId } from '../../hub/repoId';
import { isInside } from '../../hub/safePath';
import type { RuntimeJudge } from '../../sdk/modelRuntime';
import type { ModelInput, ModelsStore } from '../../stores/models';
import { compareFolder, type HubListing } from './compare';
import { describeFolder, type FolderFacts } from './describe';
import { recordedHashes } from './expected';
import { longestManifest, manifestFile, parseManifest, type ExportManifest } from './exportManifest';
import { readOrigin } from './origin';
import type { Watched } from './progress';

export interface ImportOptions extends Watched {
  /** As it was given. */
  readonly folder: string;
  readonly repoId?: string | undefined;
  readonly revision?: string | undefined;
  /** Of the archive that the folder was unpacked from. */
  readonly manifest?: ExportManifest | undefined;
  readonly modelsPath: string;
  readonly store: ModelsStore;
  readonly hub: HubListing | undefined;
  readonly runtimes?: RuntimeJudge | undefined;
}

/** Importing the same folder again renews its facts. */
export async function importFolder(options: ImportOptions): Promise<Model> {
  const { folder, modelsPath, store, hub, signal, onProgress } = options;
  if (options.repoId !== undefined) checkRepoId(options.repoId);
  const root = path.resolve(folder);
  await checkImportable(folder, root, options);
  const facts = await readFacts(root, options.runtimes);
  const known = await knownModel(root, store);
  const manifest = options.manifest ?? (await readManifest(root));
  const origin = await readOrigin(root, modelsPath);
  const repoId = options.repoId ?? origin.repoId ?? manifest?.repoId ?? known?.repoId;
  const recordedCommit = origin.commit ?? manifest?.commit ?? known?.commit;
  const compared = await compareFolder({
    root,
    files: facts.files,
    repoId,
    revision: options.revision ?? recordedCommit,
    manifest,
    recorded: await recordedHashes(root),
    hub,
    signal,
    onProgress,
  });
  const commit =
    options.revision === undefined
      ? (recordedCommit ?? compared.commit)
      : (compared.commit ?? recordedCommit);
  const input: ModelInput = {
    name: facts.name ?? manifest?.name ?? (repoId?.split('/').at(-1) || path.basename(root)),
    type: facts.type === 'other' ? (manifest?.type ?? known?.type ?? 'other') : facts.type,
    path: known?.path ?? root,
    repoId,
    commit,
    sizeBytes: facts.sizeBytes,
    architecture: facts.architecture,
    format: facts.format,
    licence: known?.licence ?? compared.licence ?? manifest?.licence,
    metadata: {
      ...known?.metadata,
      ...(facts.task === undefined ? {} : { task: facts.task }),
      imported: known?.metadata['imported'] ?? known === undefined,
      files: facts.files.length,
      runsHere: facts.runsHere,
      verification: compared.verification,
      hashes: { ...(commit === undefined ? {} : { commit }), files: compared.hashes },
    },
  };
  const model = await store.upsertImported(input);
  return compared.damaged ? store.setStatus(model.id, 'corrupt') : model;
}

/** The same folder under another name (through a link, or in other case) is the same model. */
async function knownModel(root: string, store: ModelsStore): Promise<Model | undefined> {
  const known = await store.findByPath(root);
  if (known !== undefined) return known;
  const real = await realpath(root);
  for (const model of await store.list()) {
    if (model.status === 'downloading') continue;
    if ((await realpath(model.path).catch(() => undefined)) === real) return model;
  }
  return undefined;
}

async function readFacts(root: string, runtimes: RuntimeJudge | undefined): Promise<FolderFacts> {
  const details = { path: root };
  const facts = await describeFolder(root, runtimes).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new StudioError(
      'model.unsupported',
      `${root} cannot be read (${code}); give yourself the right to read it.`,
      {
        details,
        cause: error,
      },
    );
  });
  if (facts.format !== undefined) return facts;
  const linked = await hasLinks(root);
  throw new StudioError(
    'model.unsupported',
    linked
      ? `${root} holds links instead of files, which are not followed; copy the files themselves into a folder and import that.`
      : `${root} holds no model: ${facts.runsHere.reason}`,
    { details },
  );
}

async function hasLinks(root: string): Promise<boolean> {
  const entries = await readdir(root, { withFileTypes: true });
  return entries.some((entry) => entry.isSymbolicLink());
}

/** A folder that was exported as one tells of itself; one that tells lies is found out by its hashes. */
async function readManifest(root: string): Promise<ExportManifest | undefined> {
  const file = path.join(root, manifestFile);
  const found = await lstat(file).catch(() => undefined);
  if (found?.isFile() !== true || found.size > longestManifest) return undefined;
  const manifest = parseManifest(await readFile(file, 'utf8'));
  if (manifest?.repoId !== undefined) checkRepoId(manifest.repoId);
  return manifest;
}

async function checkImportable(
  given: string,
  root: string,
  { modelsPath, store }: Pick<ImportOptions, 'modelsPath' | 'store'>,
): Promise<void> {
  const refuse = (kind: 'model.notFound' | 'model.unsupported', message: string): never => {
    throw new StudioError(kind, message, { details: { path: given } });
  };
  if (!path.isAbsolute(given)) {
    refuse('model.notFound', `${given} is not an absolute path; give the whole path of the folder.`);
  }
  const found = await stat(root).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    return refuse('model.unsupported', `${root} cannot be read (${code ?? String(error)}).`);
  });
  if (found === undefined) refuse('model.notFound', `There is no folder ${root}.`);
  if (found?.isDirectory() === false) {
    refuse('model.unsupported', `${root} is a file; import the folder that holds the model.`);
  }
  const known = await store.findByPath(root);
  if (known?.status === 'downloading') {
    refuse('model.unsupported', `${root} is being downloaded; it appears in the library by itself.`);
  }
  if (isInside(root, modelsPath)) {
    refuse('model.unsupported', `${root} holds the models folder itself; import one model's folder.`);
  }
}
