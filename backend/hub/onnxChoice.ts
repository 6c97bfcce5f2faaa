/** Which of a repository's ONNX files speaks for it, and what a Piper voice's description adds. */
import { z } from 'zod';
import type { OnnxMetadata } from '../../protocol/model/hubModel';
import type { WeightFile } from './weightFacts';
import { folderOf } from './weightFormat';

/** A Persian one first (collections hold every language), then the topmost, then `model.onnx`, then the largest. */
export function chosenOnnx(files: readonly WeightFile[]): WeightFile | undefined {
  const persian = ({ path }: WeightFile): number => (/(^|[/_-])fa([/_-]|$)/i.test(path) ? 0 : 1);
  const depth = ({ path }: WeightFile): number => path.split('/').length;
  const plain = ({ path }: WeightFile): number => (/(^|\/)model\.onnx$/.test(path) ? 0 : 1);
  return files
    .filter(({ path }) => /\.onnx$/i.test(path))
    .sort(
      (a, b) => persian(a) - persian(b) || depth(a) - depth(b) || plain(a) - plain(b) || b.size - a.size,
    )[0];
}

/** The weights that lie beside it, as the file names them or as exporters do; only files that are there. */
export function withExternal(onnx: OnnxMetadata, files: readonly WeightFile[]): OnnxMetadata {
  const folder = folderOf(onnx.path);
  const inFolder = (name: string): string => (folder === '' ? name : `${folder}/${name}`);
  const named = onnx.externalData.map((name) => inFolder(name.replace(/^\.\//, '')));
  const externalData = files
    .map(({ path }) => path)
    .filter((path) => named.includes(path) || /^[._-]data(_\d+)?$/.test(suffix(path, onnx.path)));
  return { ...onnx, externalData };
}

const suffix = (path: string, start: string): string =>
  path.startsWith(start) ? path.slice(start.length) : '';

const piper = z.object({
  audio: z.object({ sample_rate: z.number(), quality: z.string().optional() }),
  espeak: z.object({ voice: z.string() }).optional(),
  language: z.object({ code: z.string().optional() }).optional().catch(undefined),
  num_speakers: z.number().optional(),
  phoneme_type: z.string().optional(),
});

/** What `<name>.onnx.json` says, when it is that of a Piper voice. */
export function withPiper(onnx: OnnxMetadata, json: unknown): OnnxMetadata {
  const parsed = piper.safeParse(json);
  if (!parsed.success) return onnx;
  const { audio, espeak, language, num_speakers: speakers, phoneme_type: phonemes } = parsed.data;
  const more = {
    model_type: 'vits',
    comment: 'piper',
    sample_rate: audio.sample_rate,
    quality: audio.quality,
    language: language?.code,
    voice: espeak?.voice,
    n_speakers: speakers,
    phoneme_type: phonemes,
  };
  const told = Object.entries(more).filter(([, value]) => value !== undefined && value !== '');
  return {
    ...onnx,
    properties: {
      ...Object.fromEntries(told.map(([key, value]) => [key, String(value).slice(0, 300)])),
      ...onnx.properties,
    },
  };
}
