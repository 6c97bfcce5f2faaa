import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configSchema, jsonSchemaOf } from '../../backend/training/config/schema';
import type { TrainingTask } from '../../backend/sdk/trainingTask';
import { dataPath, validationShare } from '../../backend/sdk/schema';
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { readConfigText } from './configText';
import { isPathField, pathAt } from './paths';
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

describe('pathAt', () => {
  const place = (marked: string) => pathAt(...at(marked), tasks);

  it('knows where a path is typed', () => {
    expect(place('{ "task": "tables", "data": { "path": "data/ir|is" } }')).toMatchObject({
      typed: 'data/ir',
      replace: { length: '"data/iris"'.length },
    });
    expect(place('{ "task": "tables", "data": { "path": | } }')).toMatchObject({
      typed: '',
      replace: { length: 0 },
    });
  });

  it('is silent elsewhere, also in broken text', () => {
    expect(place('{ "task": "tables", "data": { "label": "|" } }')).toBeUndefined();
    expect(place('{ "task": "tables", "data": { "pa|th": "x" } }')).toBeUndefined();
    expect(place('{ "task": "unknown", "data": { "label": "|')).toBeUndefined();
    expect(place('|')).toBeUndefined();
  });

  it('knows the field by its pointer', () => {
    const text = '{ "task": "sounds" }';
    expect(isPathField(text, '/data/path', tasks)).toBe(true);
    expect(isPathField(text, '/data', tasks)).toBe(false);
    expect(isPathField(text, '', tasks)).toBe(false);
  });
});
