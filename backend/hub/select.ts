/**
 * What to fetch when nobody said: one weight format, one checkpoint, one quantisation, and everything that is not
 * weights. Many repositories hold the same weights three or four times.
 */
import { bytesOf } from '../language/amounts';
import { listed, say, sentences } from '../language/say';
import { compareFormats, newestFirst, smallestPrecision } from './variants';
import {
  folderOf,
  formatNames,
  isTrainingState,
  tfjsFoldersOf,
  weightFormatOf,
  weightFormats,
  type WeightFormat,
} from './weightFormat';

interface Sized {
  readonly path: string;
  readonly size: number;
}

export interface Selection<T> {
  readonly files: readonly T[];
  /** What was chosen, what was left out and how to get it; undefined when everything is fetched. */
  readonly note: string | undefined;
}

export function selectDefault<T extends Sized>(files: readonly T[]): Selection<T> {
  const tfjsFolders = tfjsFoldersOf(files.map((file) => file.path));
  const formatOf = (file: Sized): WeightFormat | undefined => weightFormatOf(file.path, tfjsFolders);
  const dropped = new Set<T>();
  const drop = (list: readonly T[]): void => list.forEach((file) => dropped.add(file));
  const weights = (): T[] => files.filter((file) => !dropped.has(file) && formatOf(file) !== undefined);

  drop(files.filter((file) => isTrainingState(file.path)));
  dropIntermediateCheckpoints(files, weights(), drop);
  drop(foreignVoices(files));
  const chosen = chooseFormats(weights(), formatOf, drop);
  for (const group of groupBy(weights(), (file) => `${formatOf(file) ?? ''} ${folderOf(file.path)}`)) {
    const format = group[0] === undefined ? undefined : formatOf(group[0]);
    if (format === 'gguf' || format === 'onnx') drop(smallestPrecision(group, format));
    if (format === 'pytorch' || format === 'nemo') drop(newestFirst(group).slice(1));
    if (format === 'safetensors') drop(besidesMain(group));
  }
  if (dropped.size === 0) return { files, note: undefined };
  const kept = files.filter((file) => !dropped.has(file));
  return { files: kept, note: noteOn(chosen, [...dropped], formatOf) };
}

/** `checkpoint-500/` and the like, when there are weights outside of such folders. */
function dropIntermediateCheckpoints<T extends Sized>(
  files: readonly T[],
  weights: readonly T[],
  drop: (list: readonly T[]) => void,
): void {
  const inCheckpoint = (file: Sized): boolean => /(^|\/)checkpoint[-_]\d+\//.test(file.path);
  if (weights.some((file) => !inCheckpoint(file))) drop(files.filter(inCheckpoint));
}

/** Piper's voices of other languages, where a collection has Persian ones: all together they are gigabytes. */
function foreignVoices<T extends Sized>(files: readonly T[]): T[] {
  const paths = new Set(files.map(({ path }) => path));
  const voices = files.filter(({ path }) => paths.has(`${path.replace(/\.json$/, '')}.json`)).filter(isVoice);
  const isPersian = ({ path }: Sized): boolean => /(^|[/_-])fa([/_-]|$)/i.test(path);
  return voices.some(isPersian) ? voices.filter((voice) => !isPersian(voice)) : [];
}

const isVoice = ({ path }: Sized): boolean => /\.onnx(\.json)?$/.test(path);

/**
 * The best format of each folder. A folder that holds nothing but another format's copy (`onnx/`, `openvino/`…) goes
 * when better weights lie outside of it; a part of a model that exists in one format only stays.
 */
function chooseFormats<T extends Sized>(
  weights: readonly T[],
  formatOf: (file: Sized) => WeightFormat | undefined,
  drop: (list: readonly T[]) => void,
): WeightFormat[] {
  const rank = (file: Sized): number => weightFormats.indexOf(formatOf(file) ?? 'rust');
  const best = Math.min(...weights.map(rank));
  const chosen = new Set<number>();
  for (const group of groupBy(weights, (file) => folderOf(file.path))) {
    const bestHere = Math.min(...group.map(rank));
    const isCopy = bestHere > best && isFormatFolder(folderOf(group[0]?.path ?? ''));
    drop(group.filter((file) => isCopy || rank(file) > bestHere));
    if (!isCopy) chosen.add(bestHere);
  }
  return [...chosen].sort((a, b) => a - b).flatMap((index) => weightFormats[index] ?? []);
}

const isFormatFolder = (folder: string): boolean =>
  /(^|\/)(onnx|openvino|coreml|flax|tf|tensorflow|tflite|gguf|pytorch|original|rust)$/i.test(folder);

/** A second complete set of tensors beside the main one: `consolidated…`, `model.fp16…`. */
function besidesMain<T extends Sized>(group: readonly T[]): T[] {
  const name = (file: Sized): string => file.path.slice(folderOf(file.path).length).replace(/^\//, '');
  const main = group.filter((file) =>
    /^(diffusion_pytorch_)?model(-\d+-of-\d+)?\.safetensors(\.index\.json)?$/.test(name(file)),
  );
  if (main.length === 0) return [];
  return group.filter((file) =>
    /^(consolidated|(diffusion_pytorch_)?model\.(safetensors\.index\.)?(fp16|bf16|fp32|non_ema|ema))/.test(
      name(file),
    ),
  );
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function noteOn<T extends Sized>(
  chosen: readonly WeightFormat[],
  dropped: readonly T[],
  formatOf: (file: Sized) => WeightFormat | undefined,
): string {
  const bytes = dropped.reduce((sum, file) => sum + file.size, 0);
  const other = [...new Set(dropped.map(formatOf))]
    .filter((format) => format !== undefined && !chosen.includes(format))
    .sort(compareFormats)
    .map((format) => (format === undefined ? '' : formatNames[format]));
  const names = dropped.slice(0, 3).map((file) => file.path);
  const more = dropped.length - names.length;
  const list = listed(more > 0 ? [...names, say`${more} more`] : names);
  const same =
    other.length > 0 ? say` – the same in ${listed(other)}, other checkpoints or training state` : '';
  const size = bytesOf(bytes);
  return sentences(
    chosen.length > 0
      ? say`Takes the ${chosen.map((format) => formatNames[format]).join(say` and `)} weights.`
      : '',
    dropped.length === 1
      ? say`Leaves out 1 file (${size}): ${list}${same}.`
      : say`Leaves out ${dropped.length} files (${size}): ${list}${same}.`,
    say`Include '*' to take everything.`,
  );
}
