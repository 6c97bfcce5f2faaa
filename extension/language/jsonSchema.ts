/** The tasks' schemas as one for VS Code's JSON support, which completes and explains by it: to each config its own task's. Pure. */
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { describeField, describeTask, isMeaningless } from './describe';
import { flatten, type Schema } from './schema';

/** A description in the interface's language; the English one where there is none. */
export type Words = (english: string) => string;

type Json = Readonly<Record<string, unknown>>;

/** Configs are `jsonc`: what VS Code reads, training reads. */
const lenient = { allowComments: true, allowTrailingCommas: true };

/** Takes everything: for as long as nobody knows the tasks. */
export const openSchema: Json = lenient;

export function configJsonSchema(tasks: readonly TrainingTaskInfo[], words: Words): Json {
  const ids = tasks.map(({ id }) => id);
  const described = tasks.map((task) => ({ id: task.id, schema: localized(task.schema as Schema, words) }));
  const isTask = (one: object): Json => ({ properties: { task: one }, required: ['task'] });
  return advisory({
    type: 'object',
    required: ['task'],
    properties: {
      task: {
        enum: ids,
        markdownEnumDescriptions: tasks.map((task) => describeTask(task, words)),
      },
    },
    allOf: [
      ...described.map(({ id, schema }) => ({ if: isTask({ const: id }), then: schema })),
      { if: { not: isTask({ enum: ids }) }, then: common(described[0]?.schema, words) },
    ],
  });
}

/**
 * VS Code shows what breaks a schema as a warning, in English. As a condition without consequence, a schema is completed
 * and explained by and objects to nothing: `training/validate` says the same as errors, in words of its own, with fixes.
 */
function advisory(schema: Json): Json {
  return { ...lenient, if: schema };
}

/** What every config may hold, for one whose task is not said yet. */
function common(example: Json | undefined, words: Words): Json {
  const own = ['task', 'data', 'model'];
  const shared = Object.entries((example?.['properties'] ?? {}) as Json).filter(
    ([name]) => !own.includes(name),
  );
  const whatever = (about: string): Json => ({ type: 'object', markdownDescription: words(about) });
  return {
    properties: {
      ...Object.fromEntries(shared),
      task: { markdownDescription: words('What to train.') },
      data: whatever('The data to train on.'),
      model: whatever('The size and shape of the model.'),
    },
    additionalProperties: false,
  };
}

/** With descriptions for people, and without what only says where JavaScript's numbers end. */
function localized(root: Schema, words: Words): Json {
  const visit = (schema: Schema, name: string | undefined): Json => {
    const kept = Object.entries(schema).filter(
      ([key, value]) => key !== 'description' && key !== '$schema' && !isMeaningless(value),
    );
    const made: Record<string, unknown> = Object.fromEntries(kept);
    if (schema.properties !== undefined) {
      const children = Object.entries(schema.properties);
      made['properties'] = Object.fromEntries(children.map(([key, child]) => [key, visit(child, key)]));
    }
    if (schema.items !== undefined) made['items'] = visit(schema.items, undefined);
    for (const key of ['anyOf', 'oneOf', 'allOf'] as const)
      if (schema[key] !== undefined) made[key] = schema[key].map((one) => visit(one, undefined));
    if (name !== undefined) {
      const plain = flatten(schema, root).map((one) => ({
        ...one,
        ...(one.description === undefined ? {} : { description: words(one.description) }),
      }));
      made['markdownDescription'] = describeField(name, plain);
    }
    return made;
  };
  return visit(root, undefined);
}
