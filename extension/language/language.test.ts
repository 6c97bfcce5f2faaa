import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configSchema, jsonSchemaOf } from '../../backend/training/config/schema';
import type { TrainingTask } from '../../backend/sdk/trainingTask';
import { dataPath, validationShare } from '../../backend/sdk/schema';
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { completionsAt } from './complete';
import { readConfigText } from './configText';
import { hoverAt } from './hover';
import { newConfig, openDataFields, orderLabelColumns } from './newConfig';
import { pointerParts, spanOf } from './pointer';

function task(id: string, data: z.ZodObject, model: z.ZodObject): TrainingTaskInfo {
  const definition = { title: `The ${id} task`, description: `Trains ${id}.`, data, model } as unknown;
  const schema = jsonSchemaOf(configSchema(id, definition as TrainingTask));
  return { id, title: `The ${id} task`, description: `Trains ${id}.`, schema };
}

const tasks = [
  task(
    'tables',
    z.strictObject({
      path: dataPath('A CSV with a header.'),
      label: z.string().min(1).describe('The column to predict.'),
      kind: z.union([z.literal('csv'), z.literal('tsv')]).optional(),
      shuffle: z.boolean().default(true),
      validation: validationShare(),
    }),
    z.strictObject({ units: z.array(z.number().int()).default([128, 64]) }),
  ),
  task(
    'sounds',
    z.strictObject({ path: dataPath('A folder of clips.') }),
    z.strictObject({ filters: z.number().int().min(4).max(512).default(64).describe('Channels.') }),
  ),
];

/** `|` marks the cursor. */
function at(marked: string): [text: string, offset: number] {
  const offset = marked.indexOf('|');
  return [marked.slice(0, offset) + marked.slice(offset + 1), offset];
}

function complete(marked: string) {
  const [text, offset] = at(marked);
  const { suggestions, paths } = completionsAt(text, offset, tasks);
  const accept = (label: string): string => {
    const found = suggestions.find((each) => each.label === label);
    if (found === undefined) throw new Error(`no suggestion ${label}`);
    const { replace } = found;
    return text.slice(0, replace.offset) + found.insert + text.slice(replace.offset + replace.length);
  };
  return { labels: suggestions.map((each) => each.label), suggestions, paths, accept };
}

describe('pointers', () => {
  const text = '{\n  // names\n  "data": { "a/b": [1, {"c": "x"}] },\n  "task": "tables",\n}';
  const { root } = readConfigText(text);
  const textAt = (pointer: string): string => {
    const { offset, length } = spanOf(root, pointer);
    return text.slice(offset, offset + length);
  };

  it('reads escaped parts', () => {
    expect(pointerParts('/a~1b/~01')).toEqual(['a/b', '~1']);
    expect(pointerParts('')).toEqual([]);
  });

  it('underlines a simple value with its key, and only the key of an object', () => {
    expect(textAt('/task')).toBe('"task": "tables"');
    expect(textAt('/data')).toBe('"data"');
    expect(textAt('/data/a~1b/1/c')).toBe('"c": "x"');
    expect(textAt('/data/a~1b/0')).toBe('1');
  });

  it('underlines the nearest thing around what is missing', () => {
    expect(textAt('/data/path')).toBe('"data"');
    expect(textAt('/data/a~1b/7/x')).toBe('"a/b"');
    expect(textAt('/name')).toBe('{');
    expect(textAt('')).toBe('{');
    expect(spanOf(undefined, '/x')).toEqual({ offset: 0, length: 0 });
  });
});

describe('readConfigText', () => {
  it('takes comments and trailing commas', () => {
    expect(readConfigText('{ "task": "t", /* c */ }')).toMatchObject({
      value: { task: 't' },
      syntaxProblems: [],
    });
  });

  it('says where the JSON is broken and gives no value to check', () => {
    const { value, syntaxProblems } = readConfigText('{ "task" "t" }');
    expect(value).toBeUndefined();
    expect(syntaxProblems[0]).toMatchObject({
      offset: 9,
      message: expect.stringContaining('colon expected') as string,
    });
    expect(readConfigText('[1]').syntaxProblems).toHaveLength(1);
    expect(readConfigText('').value).toBeUndefined();
  });
});

describe('completionsAt', () => {
  it('offers the tasks for an empty file, with their ids', () => {
    expect(complete('{ "task": | }').labels).toEqual(['tables', 'sounds']);
    expect(complete('{ "task": "so|" }').accept('sounds')).toBe('{ "task": "sounds" }');
  });

  it("offers the fields of the file's task only", () => {
    expect(complete('{ "task": "tables", "data": { | } }').labels).toEqual([
      'path',
      'label',
      'kind',
      'shuffle',
      'validation',
    ]);
    expect(complete('{ "task": "sounds", "model": { | } }').labels).toEqual(['filters']);
  });

  it('leaves out what is there already, but not the key being typed', () => {
    const { labels } = complete('{ "task": "tables", "data": { "path": "x", "la|": 1 } }');
    expect(labels).toContain('label');
    expect(labels).not.toContain('path');
    expect(complete('{ "task": "tables", "data": { "path|": "x" } }').labels).toContain('path');
  });

  it('writes a whole property with its default, its choices, or a place for the value', () => {
    expect(complete('{ "task": "tables", "training": { ep| } }').accept('epochs')).toContain(
      '"epochs": ${1:30}',
    );
    expect(complete('{ "task": "tables", | }').accept('engine')).toContain(
      '"engine": ${1|"auto","tensorflow","wasm","cpu"|}',
    );
    expect(complete('{ "task": "tables", "data": { | } }').accept('path')).toContain('"path": "$1"');
    expect(complete('{ "task": "tables", | }').accept('data')).toContain('"data": {\n\t$1\n}');
  });

  it('puts a comma before the next property, and keeps the value of a renamed one', () => {
    expect(complete('{ | "task": "tables" }').accept('name')).toBe('{ "name": "$1", "task": "tables" }');
    expect(complete('{ "na|": "x", "task": "tables" }').accept('name')).toBe(
      '{ "name": "x", "task": "tables" }',
    );
  });

  it('offers values: enums, literals of a union, booleans with the default first', () => {
    expect(complete('{ "task": "tables", "engine": "|" }').accept('wasm')).toBe(
      '{ "task": "tables", "engine": "wasm" }',
    );
    expect(complete('{ "task": "tables", "data": { "kind": | } }').labels).toEqual(['csv', 'tsv']);
    const { suggestions } = complete('{ "task": "tables", "data": { "shuffle": | } }');
    expect(suggestions.map(({ label, first }) => [label, first])).toEqual([
      ['true', true],
      ['false', false],
    ]);
  });

  it('asks the editor for paths where the schema says so', () => {
    const { paths } = complete('{ "task": "tables", "data": { "path": "data/ir|" } }');
    expect(paths).toMatchObject({ typed: 'data/ir', replace: { length: '"data/ir"'.length } });
    expect(complete('{ "task": "tables", "data": { "label": "|" } }').paths).toBeUndefined();
  });
});

describe('hoverAt', () => {
  const hover = (marked: string) => hoverAt(...at(marked), tasks)?.markdown;

  it('explains a field with its type, bounds and default', () => {
    expect(hover('{ "task": "sounds", "model": { "fil|ters": 64 } }')).toBe(
      '**filters**\n\nChannels.\n\nwhole number · at least 4 · at most 512 · default `64`',
    );
  });

  it('explains the task', () => {
    expect(hover('{ "task": "sou|nds" }')).toContain('Trains sounds.');
  });

  it('is silent between the words and on what is not known', () => {
    expect(hover('{ "task": "sounds", "nonsense": 1|2 }')).toBeUndefined();
    expect(hover('{ "task": "sounds" } |')).toBeUndefined();
  });
});

describe('newConfig', () => {
  const [tables, sounds] = tasks as [TrainingTaskInfo, TrainingTaskInfo];

  it('knows what must be asked', () => {
    expect(openDataFields(tables)).toEqual(['label']);
    expect(openDataFields(sounds)).toEqual([]);
  });

  it("holds what the task requires and its figures' defaults", () => {
    expect(
      newConfig({ task: tables, name: 'iris', dataPath: 'data/iris.csv', data: { label: 'species' } }),
    ).toEqual({
      task: 'tables',
      name: 'iris',
      data: { path: 'data/iris.csv', label: 'species', validation: 0.2 },
      training: { epochs: 30, batchSize: 32, seed: 1, optimizer: { type: 'adam', learningRate: 0.001 } },
    });
  });

  it('guesses the label column', () => {
    expect(orderLabelColumns(['id', 'Species', 'width'])[0]).toBe('Species');
    expect(orderLabelColumns(['a', 'b', 'c'])).toEqual(['c', 'b', 'a']);
  });
});
