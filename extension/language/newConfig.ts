/** A new training config: what its task requires, and the figures that people change, at their defaults. Pure. */
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { isSimple } from './describe';
import { schemasAt, type Schema } from './schema';

export interface NewConfigInputs {
  readonly task: TrainingTaskInfo;
  readonly name: string;
  /** Relative to the config file, with `/`. */
  readonly dataPath: string;
  /** Further required fields of `data` by name, as asked from the person: `{label: 'species'}`. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Fields of `training` that a first config shows; the rest stays at its default, one completion away. */
const shownTraining = ['epochs', 'batchSize', 'seed'];

export function newConfig(inputs: NewConfigInputs): Record<string, unknown> {
  const root = inputs.task.schema as Schema;
  const training = pickDefaults(root, ['training'], shownTraining);
  const optimizer = pickDefaults(root, ['training', 'optimizer'], ['type', 'learningRate']);
  return {
    task: inputs.task.id,
    name: inputs.name,
    data: {
      ...fill(root, ['data'], inputs),
      ...pickDefaults(root, ['data'], ['validation']),
      ...inputs.data,
    },
    ...(required(root, []).includes('model') ? { model: fill(root, ['model'], inputs) } : {}),
    training: { ...training, ...(Object.keys(optimizer).length === 0 ? {} : { optimizer }) },
  };
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

/** Columns that usually hold the label, best guess first, then the others from the last on. */
export function orderLabelColumns(columns: readonly string[]): readonly string[] {
  const usual = ['label', 'class', 'target', 'species', 'category', 'y', 'برچسب', 'کلاس'];
  const rank = (column: string): number => {
    const index = usual.indexOf(column.trim().toLowerCase());
    return index === -1 ? usual.length : index;
  };
  return columns
    .map((column, index) => ({ column, index }))
    .toSorted((a, b) => rank(a.column) - rank(b.column) || b.index - a.index)
    .map(({ column }) => column);
}
