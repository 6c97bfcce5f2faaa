/** Names of a model's classes, from a file beside it or one that was chosen. */
import type { ModelFiles } from '../../../ml/trained/modelFiles';

const names = ['labels.txt', 'labels.json', 'metadata.json', 'classes.txt', 'class_names.txt'] as const;

export interface Labels {
  readonly file: string;
  readonly names: readonly string[];
}

/** Lines, a JSON list, `{"0": name}`, or `{labels: […]}` as Teachable Machine writes it. Undefined for anything else. */
export function parseLabels(file: string, text: string): Labels | undefined {
  const names = file.endsWith('.json') ? fromJson(text) : fromLines(text);
  return names === undefined || names.length === 0 ? undefined : { file, names };
}

function fromLines(text: string): string[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim());
  while (lines.at(-1) === '') lines.pop();
  // `0 cat`, as Teachable Machine numbers them.
  const numbered = lines.every((line, i) => line.startsWith(`${i} `));
  return numbered ? lines.map((line, i) => line.slice(`${i} `.length)) : lines;
}

function fromJson(text: string): string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // Another program's file of that name.
  }
  const list = typeof value === 'object' && value !== null && 'labels' in value ? value.labels : value;
  if (Array.isArray(list)) return list.every((one) => typeof one === 'string') ? list : undefined;
  if (typeof list !== 'object' || list === null) return undefined;
  const named = Object.entries(list).map(([place, name]) => [Number(place), name as unknown] as const);
  if (!named.every(([place, name], i) => place === i && typeof name === 'string')) return undefined;
  return named.map(([, name]) => name as string);
}

export async function labelsBeside(files: ModelFiles): Promise<Labels | undefined> {
  for (const file of names) {
    const bytes = await files.read(file);
    const labels = bytes && parseLabels(file, new TextDecoder().decode(bytes));
    if (labels !== undefined) return labels;
  }
  return undefined;
}
