/** A tf.js model must have the bytes that its manifest promises, whoever made it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { ModelProblem } from '../../../protocol/model/model';
import { listFolder } from '../../weights/folderFiles';

const manifest = z.object({
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()),
      weights: z.array(
        z.object({
          shape: z.array(z.number().int().nonnegative()),
          dtype: z.string(),
          quantization: z.object({ dtype: z.string() }).optional(),
        }),
      ),
    }),
  ),
});
const bytesPerValue: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

/** Nothing for a folder that holds no tf.js model. */
export async function checkTfjs(root: string): Promise<ModelProblem[]> {
  const files = await listFolder(root);
  if (!files.some((file) => file.path === 'model.json')) return [];
  const text = await readFile(path.join(root, 'model.json'), 'utf8');
  const parsed = manifest.safeParse(parseJson(text));
  // Other programs use this name as well: one without a manifest is not a tf.js model.
  if (!parsed.success) return text.includes('"weightsManifest"') ? [unreadable] : [];
  const problems: ModelProblem[] = [];
  for (const { paths, weights } of parsed.data.weightsManifest) {
    const missing = paths.filter((file) => !files.some((found) => found.path === file));
    problems.push(
      ...missing.map((file) => ({
        file,
        kind: 'missing' as const,
        message: 'It is missing: model.json names it as weights.',
      })),
    );
    const sizes = weights.map(({ shape, dtype, quantization }) => {
      const width = bytesPerValue[quantization?.dtype ?? dtype];
      return width === undefined ? NaN : shape.reduce((product, size) => product * size, width);
    });
    const wanted = sizes.reduce((sum, size) => sum + size, 0);
    const found = files.filter((file) => paths.includes(file.path)).reduce((sum, file) => sum + file.size, 0);
    // Strings have no fixed width: then there is nothing to compare with.
    if (missing.length === 0 && !Number.isNaN(wanted) && wanted !== found) {
      const message = `The weights have ${found} bytes instead of the ${wanted} that model.json describes.`;
      problems.push({
        file: paths[0] ?? 'model.json',
        kind: found < wanted ? 'truncated' : 'altered',
        message,
      });
    }
  }
  return problems;
}

const unreadable: ModelProblem = {
  file: 'model.json',
  kind: 'unreadable',
  message: 'Its description of the weights cannot be read.',
};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
