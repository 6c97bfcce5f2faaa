/** What a model weighs, from the heads of its weight files: kilobytes instead of gigabytes. */
import { longestHeader } from '../../ml/weights/limits';
import { headerLength, parseHeader, type TensorFacts } from './safetensors';

export interface WeightFile {
  readonly path: string;
  readonly size: number;
}

/** Reads `[start, end)` of a file; undefined when the server gives no part of it. */
export type ReadRange = (path: string, start: number, end: number) => Promise<Buffer | undefined>;

/** Fetched at once in the hope that the header ends within: most do. */
const firstRead = 64 * 1024;
/** Shards of one model that are looked into. */
const mostShards = 64;

/** Adds up the shards of the topmost folder that has any; undefined when one of them cannot be told. */
export async function safetensorsFacts(
  files: readonly WeightFile[],
  read: ReadRange,
): Promise<TensorFacts | undefined> {
  const shards = chosenShards(files);
  if (shards.length === 0 || shards.length > mostShards) return undefined;
  let sum: TensorFacts | undefined;
  for (const shard of shards) {
    const facts = await factsOf(shard, read);
    if (facts === undefined) return undefined;
    sum =
      sum === undefined
        ? facts
        : {
            parameters: sum.parameters + facts.parameters,
            bytes: sum.bytes + facts.bytes,
            dtype: sum.dtype,
          };
  }
  return sum;
}

/** One model: `model.safetensors` or its shards, not the variants and adapters beside it. */
function chosenShards(files: readonly WeightFile[]): WeightFile[] {
  const all = files.filter((file) => file.path.endsWith('.safetensors'));
  const depth = (file: WeightFile): number => file.path.split('/').length;
  const top = Math.min(...all.map(depth));
  const beside = all.filter((file) => depth(file) === top);
  const sharded = beside.filter((file) => /-\d{5}-of-\d{5}\.safetensors$/.test(file.path));
  const plain = beside.find((file) => /(^|\/)model\.safetensors$/.test(file.path));
  if (plain !== undefined) return [plain];
  return sharded.length > 0 ? sharded : beside.slice(0, 1);
}

async function factsOf({ path, size }: WeightFile, read: ReadRange): Promise<TensorFacts | undefined> {
  const first = await read(path, 0, Math.min(size, firstRead));
  if (first === undefined) return undefined;
  const length = headerLength(first, size);
  if (length === undefined || length > longestHeader) return undefined;
  const have = first.subarray(8, 8 + length);
  if (have.length === length) return parseHeader(have);
  const rest = await read(path, 8 + have.length, 8 + length);
  return rest === undefined ? undefined : parseHeader(Buffer.concat([have, rest]));
}
