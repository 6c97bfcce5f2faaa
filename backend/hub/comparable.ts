import type { ModelType } from '../../protocol/model/model';

const lists: Partial<Record<ModelType, () => Promise<{ default: readonly Entry[] }>>> = {
  tts: () => import('./curated/tts.json'),
  stt: () => import('./curated/stt.json'),
};

interface Entry {
  readonly repoId: string;
  readonly title: string;
  readonly formats: readonly string[];
  readonly sizeBytes?: number;
  readonly gated?: boolean;
}

/** The smallest shipped, chosen model of the same kind in ONNX, other than the model itself: as a sentence. */
export async function comparableModel(type: ModelType, repoId: string): Promise<string | undefined> {
  const entries = (await lists[type]?.())?.default ?? [];
  const [best] = entries
    .filter((entry) => entry.repoId !== repoId && entry.gated !== true && entry.sizeBytes !== undefined)
    .filter((entry) => entry.formats.some((format) => /onnx/i.test(format)))
    .sort((a, b) => (a.sizeBytes ?? 0) - (b.sizeBytes ?? 0));
  if (best?.sizeBytes === undefined) return undefined;
  return `Of its kind, ${best.title} (${best.repoId}) is the lightest on Goya's list with ${Math.round(best.sizeBytes / 1e6)} MB in ONNX; that needs an ONNX engine too.`;
}
