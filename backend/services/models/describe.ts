/** What a folder on disk holds, told from its files: the same for a download, an import and a trained model. */
import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { metadataFile, trainedMetadata } from '../../../ml/trained/metadata';
import type { RunsHere } from '../../../protocol/model/hubModel';
import type { ModelType } from '../../../protocol/model/model';
import { modelTypeOf } from '../../hub/hubModel';
import { judge } from '../../hub/runsHere';

export interface FolderFile {
  /** Within the folder, with forward slashes. */
  readonly path: string;
  readonly size: number;
}

export interface FolderFacts {
  readonly files: readonly FolderFile[];
  readonly sizeBytes: number;
  readonly type: ModelType;
  readonly architecture: string | undefined;
  readonly format: string | undefined;
  readonly task: string | undefined;
  readonly name: string | undefined;
  readonly runsHere: RunsHere;
}

/** Longest JSON that is read to tell what a model is. */
const longestJson = 8 * 1024 * 1024;
/** Folders that belong to tools, not to the model. */
const skipped = new Set(['.cache', '.git', '.goya', 'node_modules']);

/** Links are not followed. Rejects as `readdir` does when the folder cannot be read. */
export async function listFolder(root: string): Promise<FolderFile[]> {
  const visit = async (relative: string): Promise<FolderFile[]> => {
    const entries = await readdir(path.join(root, relative), { withFileTypes: true });
    const look = async (entry: Dirent): Promise<FolderFile[]> => {
      const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory() && !skipped.has(entry.name)) return visit(name);
      if (!entry.isFile()) return [];
      return [{ path: name, size: (await stat(path.join(root, name))).size }];
    };
    return (await Promise.all(entries.sort((a, b) => (a.name < b.name ? -1 : 1)).map(look))).flat();
  };
  return visit('');
}

export async function describeFolder(root: string): Promise<FolderFacts> {
  const files = await listFolder(root);
  const readJson = async (name: string): Promise<unknown> => {
    const file = files.find((candidate) => candidate.path === name);
    if (file === undefined || file.size > longestJson) return undefined;
    try {
      return JSON.parse(await readFile(path.join(root, name), 'utf8')) as unknown;
    } catch {
      return undefined;
    }
  };
  const trained = trainedMetadata.safeParse(await readJson(metadataFile));
  const config = await readJson('config.json');
  const { architecture, format, runsHere } = await judge({ files, config, readJson });
  const task = trained.success ? trained.data.task : undefined;
  return {
    files,
    sizeBytes: files.reduce((sum, file) => sum + file.size, 0),
    type: trained.success ? 'other' : typeByArchitecture(architecture),
    architecture,
    format,
    task,
    name: trained.success ? trained.data.name : undefined,
    runsHere,
  };
}

function typeByArchitecture(architecture: string | undefined): ModelType {
  const nothing = {
    repoId: '',
    tags: [],
    downloads: 0,
    likes: 0,
    gated: false,
    private: false,
    languages: [],
  };
  return modelTypeOf(nothing, architecture);
}
