/** Paths of a config: relative to its file, and never out of the workspace, not even through a symbolic link. */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigFix } from '../../../protocol/model/configFix';
import type { ConfigProblem } from '../../../protocol/model/run';
import { say } from '../../language/say';
import { problem } from '../../sdk/trainingTask';
import { siblingPaths } from './siblings';
import { pointerOf } from './pointer';
import type { JsonSchema } from './schema';

/** The real path of the deepest part of `target` that exists, with the rest appended. */
export async function realPathOf(target: string): Promise<string> {
  const absolute = path.resolve(target);
  try {
    return await realpath(absolute);
  } catch (error) {
    const parent = path.dirname(absolute);
    if (parent === absolute) throw error;
    return path.join(await realPathOf(parent), path.basename(absolute));
  }
}

/** Whether `target` is `folder` or lies in it, symbolic links followed. */
export async function isInside(folder: string, target: string): Promise<boolean> {
  const relative = path.relative(await realPathOf(folder), await realPathOf(target));
  return (
    relative === '' ||
    (!relative.startsWith(`..${path.sep}`) && relative !== '..' && !path.isAbsolute(relative))
  );
}

/** Every field that the schema marks with `format: "path"`, with its value. */
export function pathFields(
  schema: JsonSchema | undefined,
  value: unknown,
  at: readonly string[],
): { at: readonly string[]; value: string }[] {
  if (schema === undefined) return [];
  if (schema.format === 'path' && typeof value === 'string') return [{ at, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    pathFields(child, (value as Record<string, unknown>)[name], [...at, name]),
  );
}

export interface PathRules {
  readonly basePath: string;
  /** What no path may leave. */
  readonly workspacePath: string;
}

/** The data path must exist and lie in the workspace. */
export async function checkDataPath(
  field: { at: readonly string[]; value: string },
  rules: PathRules,
): Promise<ConfigProblem[]> {
  const pointer = pointerOf(field.at);
  const absolute = path.resolve(rules.basePath, field.value);
  if (field.value.includes('\0')) return [problem(pointer, say`A path may not contain a NUL character.`)];
  if (!(await isInside(rules.workspacePath, absolute))) return [outside(pointer, field.value, rules)];
  const found = await stat(absolute).then(
    () => true,
    () => false,
  );
  if (found) return [];
  const fixes = (
    await siblingPaths(rules.basePath, field.value, (one) => isInside(rules.workspacePath, one))
  ).map((value): ConfigFix => ({
    kind: 'set',
    path: pointer,
    value,
  }));
  const message = say`${field.value} does not exist (looked for ${absolute}).`;
  return [problem(pointer, message, { code: 'path.missing', fixes })];
}

export function outside(pointer: string, given: string, rules: PathRules): ConfigProblem {
  return problem(
    pointer,
    say`${given} leads out of the workspace ${rules.workspacePath}. Use a path inside it; copy or import the files first.`,
    { code: 'path.outside' },
  );
}
