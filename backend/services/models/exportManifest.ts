/** `goya-export.json`: what an exported model is, and the hash of every file, for a machine without a network. */
import { z } from 'zod';
import { modelType, type Model } from '../../../protocol/model/model';

export const manifestFile = 'goya-export.json';
/** For `sha256sum -c`. */
export const sumsFile = 'SHA256SUMS';
export const manifestVersion = 1;
/** Longest manifest that is read. */
export const longestManifest = 32 << 20;

export const exportManifest = z.object({
  format: z.literal('goya-export'),
  version: z.literal(manifestVersion),
  exportedAt: z.string(),
  name: z.string(),
  type: modelType,
  repoId: z.string().optional(),
  commit: z.string().optional(),
  licence: z.string().optional(),
  files: z.array(
    z.object({
      /** Within the model's folder, `/`-separated. */
      path: z.string(),
      size: z.number().int().nonnegative(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});
export type ExportManifest = z.infer<typeof exportManifest>;

export function manifestOf(model: Model, files: ExportManifest['files']): ExportManifest {
  const { name, type, repoId, commit, licence } = model;
  return {
    format: 'goya-export',
    version: manifestVersion,
    exportedAt: new Date().toISOString(),
    name,
    type,
    ...(repoId === undefined ? {} : { repoId }),
    ...(commit === undefined ? {} : { commit }),
    ...(licence === undefined ? {} : { licence }),
    files,
  };
}

/** Undefined for anything that is not a manifest of this version. */
export function parseManifest(text: string): ExportManifest | undefined {
  try {
    const parsed = exportManifest.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

export function sumsOf(files: readonly { readonly path: string; readonly sha256: string }[]): string {
  return files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('');
}
