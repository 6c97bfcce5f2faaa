/** One of several copies that differ in precision or in how long they were trained. */
import { weightFormats, type WeightFormat } from './weightFormat';

interface Sized {
  readonly path: string;
  readonly size: number;
}

export function compareFormats(a: WeightFormat | undefined, b: WeightFormat | undefined): number {
  const rank = (format: WeightFormat | undefined): number =>
    format === undefined ? weightFormats.length : weightFormats.indexOf(format);
  return rank(a) - rank(b);
}

/** 4-bit K-quants are the usual balance of size and quality; the next best follow. */
const ggufOrder = [
  'q4_k_m',
  'q4_k_s',
  'q5_k_m',
  'q4_0',
  'q5_k_s',
  'q6_k',
  'q8_0',
  'q3_k_m',
  'f16',
  'bf16',
  'f32',
];
const ggufPrecision = /[._-]((?:i?q\d(?:_[a-z0-9]+)*|bf16|f16|f32|fp16|mxfp4)(?:_[msl])?)(?=[._-]|$)/i;
const onnxPrecision = /[._-](fp16|int8|uint8|q4f16|q4|q8|bnb4|quantized|fp32|quant)(?=[._-])/i;

/** What to leave out: every precision but one. Shards, tokenisers and parts without a precision in their name stay. */
export function smallestPrecision<T extends Sized>(group: readonly T[], format: 'gguf' | 'onnx'): T[] {
  if (format === 'onnx') return otherOnnxPrecisions(group);
  const precisionOf = (file: Sized): string =>
    ggufPrecision.exec(baseName(file.path).replace(/\.gguf$/i, ''))?.[1]?.toLowerCase() ?? '';
  const present = [...new Set(group.map(precisionOf))].filter(Boolean);
  if (present.length < 2) return [];
  const rank = (precision: string): number => {
    const index = ggufOrder.indexOf(precision);
    return index < 0 ? ggufOrder.length : index;
  };
  const best = present.sort((a, b) => rank(a) - rank(b))[0];
  return group.filter((file) => precisionOf(file) !== '' && precisionOf(file) !== best);
}

/** `model_fp16.onnx` goes when `model.onnx` is there; without the plain one, the first precision by name stays. */
function otherOnnxPrecisions<T extends Sized>(group: readonly T[]): T[] {
  const stem = (file: Sized): string =>
    baseName(file.path)
      .replace(onnxPrecision, '')
      .replace(/[._-]onnx.*$/i, '');
  const dropped: T[] = [];
  const byStem = new Map<string, T[]>();
  for (const file of group) byStem.set(stem(file), [...(byStem.get(stem(file)) ?? []), file]);
  for (const files of byStem.values()) {
    const precisions = new Set(
      files.map((file) => onnxPrecision.exec(baseName(file.path))?.[1]?.toLowerCase()),
    );
    if (precisions.size < 2) continue;
    const keep = precisions.has(undefined) ? undefined : [...precisions].sort()[0];
    dropped.push(
      ...files.filter((file) => onnxPrecision.exec(baseName(file.path))?.[1]?.toLowerCase() !== keep),
    );
  }
  return dropped;
}

/**
 * Checkpoints of one model, the one to take first: a name that says best or final, then the highest step, then the
 * plainest name. Shards of one checkpoint count as one: then nothing is left out.
 */
export function newestFirst<T extends Sized>(group: readonly T[]): T[] {
  const sharded = group.some((file) => /-\d{5}-of-\d{5}\.|\.index\.json$/.test(file.path));
  if (sharded) return group.slice(0, 1);
  const score = (file: Sized): number => {
    const name = baseName(file.path).toLowerCase();
    if (/(^|[._-])best([._-]|$)/.test(name)) return Number.MAX_SAFE_INTEGER;
    if (/^(pytorch_model|model|final)[._-]?\w*\.\w+$/.test(name) && !/\d/.test(name)) {
      return Number.MAX_SAFE_INTEGER - 1;
    }
    return Number(/(\d+)(?!.*\d)/.exec(name)?.[1] ?? -1);
  };
  return isOneModel(group) ? [...group].sort((a, b) => score(b) - score(a)) : group.slice(0, 1);
}

/** Files of about one size with step numbers or `best` in their names; a vocoder beside a model is neither. */
function isOneModel(group: readonly Sized[]): boolean {
  const sizes = group.map((file) => file.size).filter((size) => size > 0);
  return sizes.length > 1 && Math.max(...sizes) <= Math.min(...sizes) * 1.2;
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
