/** What a folder on disk holds, told from its files: the same for a download, an import and a trained model. */
import { metadataFile, trainedMetadata } from '../../../ml/trained/metadata';
import type { RunsHere } from '../../../protocol/model/hubModel';
import type { ModelType } from '../../../protocol/model/model';
import { modelTypeOf } from '../../hub/hubModel';
import { judge } from '../../hub/runsHere';
import type { RuntimeJudge } from '../../sdk/modelRuntime';
import { filesOnDisk, listFolder, type FolderFile } from '../../weights/folderFiles';

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

/** `runtimes` judge what Goya's own families do not run. */
export async function describeFolder(root: string, runtimes?: RuntimeJudge): Promise<FolderFacts> {
  const files = await listFolder(root);
  const onDisk = filesOnDisk(root, files);
  const { readJson } = onDisk;
  const trained = trainedMetadata.safeParse(await readJson(metadataFile));
  const config = await readJson('config.json');
  const judged = await judge({ files, config, readJson }, runtimes && (() => runtimes(onDisk)));
  const { architecture, format, runsHere, task } = judged;
  return {
    files,
    sizeBytes: files.reduce((sum, file) => sum + file.size, 0),
    type: trained.success ? 'other' : typeOf(architecture, task),
    architecture,
    format,
    task: trained.success ? trained.data.task : task,
    name: trained.success ? trained.data.name : undefined,
    runsHere,
  };
}

function typeOf(architecture: string | undefined, task: string | undefined): ModelType {
  const nothing = {
    ...(task === undefined ? {} : { task }),
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
