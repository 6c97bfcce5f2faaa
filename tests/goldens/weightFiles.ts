/** Weight files without anything to compare with: whether they can be read, or why they are refused. */
import { readdir } from 'node:fs/promises';
import { openNodeFolder } from '../../backend/weights/nodeFolder';
import { openWeightFile } from '../../ml/weights/open';
import { refusalOf, type Refusal } from './refusal';

export const isWeightFile = (name: string): boolean =>
  /\.(safetensors|bin|pth|pt)$|\.(safetensors|bin)\.index\.json$/.test(name);

/** Of each weight file right in `folder`: every tensor is read once. */
export async function checkWeightFiles(folder: string): Promise<Record<string, 'read' | Refusal>> {
  const outcomes: Record<string, 'read' | Refusal> = {};
  const names = (await readdir(folder)).filter(isWeightFile).sort();
  for (const name of names) outcomes[name] = await outcomeOf(folder, name);
  return outcomes;
}

async function outcomeOf(folder: string, name: string): Promise<'read' | Refusal> {
  const files = openNodeFolder(folder);
  try {
    const weights = await openWeightFile(files, name);
    for (const tensor of weights.names()) await weights.read(tensor);
    return 'read';
  } catch (error) {
    return refusalOf(error);
  } finally {
    await files.close();
  }
}
