/** The part of JSON Schema that the tasks' schemas use, followed to a place in a config. Pure. */
import type { TrainingTaskInfo } from '../../protocol/model/plugin';

export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** The schemas that a config may follow: its task's, or every task's while none is named. */
export function rootSchemas(tasks: readonly TrainingTaskInfo[], task: string | undefined): readonly Schema[] {
  const chosen = tasks.filter((each) => each.id === task);
  return (chosen.length > 0 ? chosen : tasks).map((each) => each.schema as Schema);
}

/** Every plain schema that the value at `path` may follow. */
export function schemasAt(roots: readonly Schema[], path: readonly (string | number)[]): readonly Schema[] {
  return roots.flatMap((root) => {
    let current = flatten(root, root);
    for (const part of path) current = current.flatMap((schema) => step(schema, part, root));
    return current;
  });
}

function step(schema: Schema, part: string | number, root: Schema): readonly Schema[] {
  const next = typeof part === 'number' ? schema.items : own(schema.properties, part);
  return next === undefined ? [] : flatten(next, root);
}

/** Unions and references resolved to the plain schemas behind them; what stands beside a union is kept with each. */
export function flatten(schema: Schema, root: Schema, depth = 0): readonly Schema[] {
  if (depth > 20) return [];
  if (schema.$ref !== undefined) {
    const target = referred(schema.$ref, root);
    return target === undefined ? [] : flatten({ ...target, ...without(schema, ['$ref']) }, root, depth + 1);
  }
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  if (branches.length === 0) return [schema];
  const rest = without(schema, ['anyOf', 'oneOf', 'allOf']);
  const alternatives = branches.flatMap((branch) => flatten(branch, root, depth + 1));
  return alternatives.map((branch) => ({ ...rest, ...branch }));
}

function without(schema: Schema, keys: readonly (keyof Schema)[]): Schema {
  return Object.fromEntries(
    Object.entries(schema).filter(([key]) => !(keys as readonly string[]).includes(key)),
  );
}

function referred(reference: string, root: Schema): Schema | undefined {
  if (reference === '#') return root;
  const name = /^#\/\$defs\/(.+)$/.exec(reference)?.[1];
  return name === undefined ? undefined : own(root.$defs, name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
