/** Finds a model's weights in its folder, whatever they are kept in. */
import { MlError } from '../errors';
import { checkedPath, readWithin, type ByteSource, type SourceFolder } from './byteSource';
import { openSafetensors } from './safetensors';
import { parseStrictJson } from './strictJson';
import { openTorchLegacy, openTorchZip } from './torchFile';
import { weightFiles } from './weightFiles';
import { missing, type Weights } from './weights';

const longestIndex = 32 * 1024 * 1024;
const mostShards = 1000;

/** Rejects with `model.unsupported` where there are none, `model.corrupt` or `model.unsafe`. */
export async function openWeights(folder: SourceFolder): Promise<Weights> {
  for (const name of weightFiles) {
    const source = await folder.open(name);
    if (source !== undefined) return openSource(source, folder, name);
  }
  throw new MlError('model.unsupported', `The folder holds none of ${weightFiles.join(', ')}.`);
}

/** One file of a folder: safetensors, what torch.save writes, or the index of several of them. */
export async function openWeightFile(folder: SourceFolder, name: string): Promise<Weights> {
  const source = await folder.open(checkedPath(name));
  if (source === undefined) throw new MlError('model.corrupt', `The weights file "${name}" is missing.`);
  return openSource(source, folder, name);
}

function openSource(source: ByteSource, folder: SourceFolder, name: string): Promise<Weights> {
  return name.endsWith('.index.json') ? openSharded(source, folder, name) : openSingle(source);
}

/** Told by its first bytes, as names lie. */
async function openSingle(source: ByteSource): Promise<Weights> {
  if (source.size < 8) throw new MlError('model.corrupt', `${source.name} has only ${source.size} bytes.`);
  const first = await readWithin(source, 0, 4);
  if (first[0] === 0x50 && first[1] === 0x4b) return openTorchZip(source);
  if (first[0] === 0x80 && (first[1] ?? 9) <= 5 && !source.name.endsWith('.safetensors')) {
    return openTorchLegacy(source);
  }
  return openSafetensors(source);
}

async function openSharded(source: ByteSource, folder: SourceFolder, index: string): Promise<Weights> {
  const corrupt = (what: string): MlError => new MlError('model.corrupt', `${source.name}: ${what}.`);
  if (source.size > longestIndex) throw corrupt('the index is too long');
  const json = parseStrictJson(await readWithin(source, 0, source.size), source.name);
  const map = json instanceof Map ? json.get('weight_map') : undefined;
  if (!(map instanceof Map)) throw corrupt('the index has no weight_map');
  const within = index
    .split('/')
    .slice(0, -1)
    .map((part) => `${part}/`)
    .join('');
  const files = new Map<string, Weights>();
  const owners = new Map<string, Weights>();
  for (const [name, file] of map) {
    if (typeof file !== 'string') throw corrupt(`the file of "${name}" is no text`);
    const shard = files.get(file) ?? (await openShard(folder, within, file));
    files.set(file, shard);
    if (files.size > mostShards) throw corrupt('the index names too many files');
    if (!shard.has(name)) throw corrupt(`"${name}" is not in ${file}`);
    owners.set(name, shard);
  }
  return joined(owners);
}

function openShard(folder: SourceFolder, within: string, file: string): Promise<Weights> {
  if (file.endsWith('.index.json')) {
    throw new MlError('model.corrupt', `The index names another index, ${JSON.stringify(file)}.`);
  }
  return openWeightFile(folder, `${within}${checkedPath(file)}`);
}

function joined(owners: ReadonlyMap<string, Weights>): Weights {
  const owner = (name: string): Weights => {
    const found = owners.get(name);
    if (found === undefined) throw missing(name);
    return found;
  };
  return {
    names: () => [...owners.keys()],
    has: (name) => owners.has(name),
    info: (name) => owner(name).info(name),
    read: async (name) => owner(name).read(name),
    load: async (name) => owner(name).load(name),
  };
}
