import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import audio from '../../backend/plugins/audio-classification/index';
import phonemes from '../../backend/plugins/grapheme-to-phoneme/index';
import recognition from '../../backend/plugins/speech-recognition/index';
import table from '../../backend/plugins/tabular-classification/index';
import text from '../../backend/plugins/text-classification/index';
import voice from '../../backend/plugins/text-to-speech/index';
import type { TrainingTask } from '../../backend/sdk/trainingTask';
import { configSchema, jsonSchemaOf } from '../../backend/training/config/schema';
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { useLanguage, type Bundle } from '../text/translate';
import { configJsonSchema } from './jsonSchema';

const info = (id: string, task: TrainingTask): TrainingTaskInfo => ({
  id,
  title: task.title,
  description: task.description,
  schema: { ...jsonSchemaOf(configSchema(id, task)) },
});
const tasks = [
  info('audio-classification', audio),
  info('grapheme-to-phoneme', phonemes),
  info('speech-recognition', recognition),
  info('tabular-classification', table),
  info('text-classification', text),
  info('text-to-speech', voice),
];
const read = (name: string): Bundle =>
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../l10n', name), 'utf8')) as Bundle;

interface Node {
  readonly [key: string]: unknown;
  readonly markdownDescription?: string;
  readonly properties: Readonly<Record<string, Node>>;
}
interface Whole {
  readonly properties: {
    readonly task: { readonly enum: string[]; readonly markdownEnumDescriptions: string[] };
  };
  readonly allOf: { readonly if: unknown; readonly then: Node }[];
}
const whole = (words = (english: string) => english): Whole => configJsonSchema(tasks, words)['if'] as Whole;
const of = (id: string, schema = whole()): Node =>
  schema.allOf[tasks.findIndex((task) => task.id === id)]!.then;

afterEach(() => useLanguage('en', {}));

describe('the schema of all tasks', () => {
  it('holds each config to its own task', () => {
    const schema = whole();
    expect(schema.properties.task.enum).toEqual(tasks.map(({ id }) => id));
    expect(schema.allOf[0]?.if).toEqual({
      properties: { task: { const: 'audio-classification' } },
      required: ['task'],
    });
    expect(of('audio-classification').properties['model']?.properties).toHaveProperty('mels');
    expect(of('text-classification').properties['model']?.properties).not.toHaveProperty('mels');
    expect(of('text-classification')['additionalProperties']).toBe(false);
  });

  it('knows what every config has before a task is named', () => {
    const rest = whole().allOf.at(-1)?.then;
    expect(Object.keys(rest?.properties ?? {})).toEqual(
      expect.arrayContaining(['task', 'data', 'model', 'training', 'engine', 'output']),
    );
    expect(rest?.properties['data']).toMatchObject({ type: 'object' });
  });

  it('objects to nothing by itself', () => {
    expect(Object.keys(configJsonSchema(tasks, (x) => x)).sort()).toEqual([
      'allowComments',
      'allowTrailingCommas',
      'if',
    ]);
  });

  it('takes comments and commas at the end, and keeps no bounds that mean nothing', () => {
    expect(configJsonSchema(tasks, (x) => x)).toMatchObject({
      allowComments: true,
      allowTrailingCommas: true,
    });
    expect(JSON.stringify(whole())).not.toContain(String(Number.MAX_SAFE_INTEGER));
    expect(JSON.stringify(whole())).not.toContain('"$schema":"http');
  });

  it('explains fields with their bounds and defaults, in English and in Persian', () => {
    expect(of('audio-classification').properties['model']?.properties['filters']?.markdownDescription).toBe(
      '**filters**\n\nChannels of each convolution.\n\nwhole number · at least 4 · at most 512 · default `64`',
    );
    const bundle = read('config.fa.json');
    useLanguage('fa', read('bundle.l10n.fa.json'));
    const persian = of(
      'audio-classification',
      whole((english) => bundle[english] ?? english),
    );
    const hover = persian.properties['training']?.properties['epochs']?.markdownDescription;
    expect(hover).toContain('**epochs**');
    expect(hover).toContain('چند بار همهٔ داده‌های آموزش دیده شود.');
    expect(hover).toContain('عدد');
  });

  it('is a schema also where no task could be loaded', () => {
    expect(configJsonSchema([], (english) => english)).toMatchObject({
      if: { properties: { task: { enum: [] } } },
    });
  });
});

it('has Persian words for everything that the shipped tasks say of themselves', () => {
  const bundle = read('config.fa.json');
  const asked = new Set<string>();
  configJsonSchema(tasks, (english) => {
    asked.add(english);
    return english;
  });
  expect([...asked].filter((english) => bundle[english] === undefined)).toEqual([]);
  for (const persian of Object.values(bundle)) expect(persian).not.toMatch(/[\u064a\u0643\u0660-\u0669]/);
});
