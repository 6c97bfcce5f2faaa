import type { ComparableModel } from '../../protocol/model/hubModel';
import type { ModelType } from '../../protocol/model/model';
import { say } from '../language/say';

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
  readonly include?: readonly string[];
}

/** The smallest shipped, chosen model of the same kind in ONNX, other than the model itself. */
export async function comparableModel(type: ModelType, repoId: string): Promise<ComparableModel | undefined> {
  const entries = (await lists[type]?.())?.default ?? [];
  const [best] = entries
    .filter((entry) => entry.repoId !== repoId && entry.gated !== true && entry.sizeBytes !== undefined)
    .filter((entry) => entry.formats.some((format) => /onnx/i.test(format)))
    .sort((a, b) => (a.sizeBytes ?? 0) - (b.sizeBytes ?? 0));
  if (best?.sizeBytes === undefined) return undefined;
  const { title, sizeBytes, include } = best;
  return {
    repoId: best.repoId,
    title,
    sizeBytes,
    ...(include === undefined ? {} : { include: [...include] }),
  };
}

export function comparableSentence({ title, repoId, sizeBytes }: ComparableModel): string {
  return say`Of its kind, ${title} (${repoId}) is the lightest on Goya's list with ${Math.round(sizeBytes / 1e6)} MB in ONNX; such models run on the ONNX engine.`;
}
