/** A new training config: what its task requires, and the figures that people change, with words that explain them. Pure. */
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { isSimple } from './describe';
import { schemasAt, type Schema } from './schema';
import type { Sizes } from './trainingSizes';

export interface NewConfigInputs {
  readonly task: TrainingTaskInfo;
  readonly name: string;
  /** Relative to the config file, with `/`. */
  readonly dataPath: string;
  /** Further fields of `data`, guessed or asked from the person: `{label: 'species'}`. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly sizes: Sizes;
  /** Relative to the config file, with `/`. */
  readonly output: string;
}

export function newConfig(inputs: NewConfigInputs): Record<string, unknown> {
  const { task, sizes } = inputs;
  const root = task.schema as Schema;
  const model = {
    ...(required(root, []).includes('model') ? fill(root, ['model'], inputs) : {}),
    ...sizes.model,
  };
  return {
    task: task.id,
    name: inputs.name,
    data: known(root, ['data'], {
      ...fill(root, ['data'], inputs),
      ...pickDefaults(root, ['data'], ['validation']),
      ...inputs.data,
    }),
    ...(Object.keys(model).length === 0 ? {} : { model: known(root, ['model'], model) }),
    training: known(root, ['training'], sizes.training),
    engine: 'auto',
    output: inputs.output,
  };
}

/** Without what this task's schema has no place for. */
function known(root: Schema, path: readonly string[], values: Readonly<Record<string, unknown>>) {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => schemasAt([root], [...path, name]).length > 0),
  );
}

/** Names of the required fields of `data` besides paths that have no default: the person must say them. */
export function openDataFields(task: TrainingTaskInfo): readonly string[] {
  const root = task.schema as Schema;
  return required(root, ['data']).filter((name) => {
    const schemas = schemasAt([root], ['data', name]);
    return !schemas.some((schema) => schema.format === 'path' || schema.default !== undefined);
  });
}

/** The required fields at `path`, paths set to the data's, the others at their defaults. */
function fill(root: Schema, path: readonly string[], inputs: NewConfigInputs): Record<string, unknown> {
  const entries = required(root, path).map((name): [string, unknown] => {
    const schemas = schemasAt([root], [...path, name]);
    if (schemas.some((schema) => schema.format === 'path')) return [name, inputs.dataPath];
    const withDefault = schemas.find((schema) => schema.default !== undefined);
    if (withDefault !== undefined) return [name, withDefault.default];
    return [
      name,
      schemas.some((schema) => schema.properties !== undefined) ? fill(root, [...path, name], inputs) : '',
    ];
  });
  return Object.fromEntries(entries);
}

function required(root: Schema, path: readonly string[]): readonly string[] {
  return schemasAt([root], path)[0]?.required ?? [];
}

function pickDefaults(
  root: Schema,
  path: readonly string[],
  names: readonly string[],
): Record<string, unknown> {
  const entries = names.flatMap((name): [string, unknown][] => {
    const value = schemasAt([root], [...path, name]).find((schema) => isSimple(schema.default))?.default;
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}
