import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { metadataFile, trainedMetadata, type Preprocessing } from '../../ml/trained/metadata';

/** What a trained model takes; undefined for a folder that is none. */
export async function trainedKind(folder: string): Promise<Preprocessing['kind'] | undefined> {
  const text = await readFile(path.join(folder, metadataFile), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return trainedMetadata.safeParse(JSON.parse(text)).data?.preprocessing.kind;
  } catch {
    // Not even JSON: no model.
    return undefined;
  }
}
