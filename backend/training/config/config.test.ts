import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dataPath, validationShare } from '../../sdk/schema';
import { defineTrainingTask, type TrainingTask } from '../../sdk/trainingTask';
import { checkConfig } from './config';
import { parseConfigText } from './jsonFile';
import { editDistance, nearest } from '../../sdk/nearest';
import { folderName } from './output';
import { configSchema, jsonSchemaOf, schemaAt } from './schema';

const task = defineTrainingTask({
  title: 'Toy',
  description: 'A toy task.',
  data: z.strictObject({
    path: dataPath('The CSV file to train on.'),
    label: z.string(),
    validation: validationShare(),
  }),
  model: z.strictObject({ units: z.number().int().positive().default(8) }),
  inspect: () => Promise.resolve([]),
  load: () => Promise.reject(new Error('not here')),
});
const tasks = new Map<string, TrainingTask>([['toy', task]]);

let workspace: string;
beforeAll(async () => {
  workspace = await realpath(await mkdtemp(path.join(os.tmpdir(), 'goya-config-')));
  await mkdir(path.join(workspace, 'ws', 'data'), { recursive: true });
  await mkdir(path.join(workspace, 'ws', 'taken'));
  await writeFile(path.join(workspace, 'ws', 'taken', 'thesis.txt'), 'mine');
  await writeFile(path.join(workspace, 'ws', 'data', 'a.csv'), 'x,y\n1,a\n');
  await writeFile(path.join(workspace, 'secret.csv'), 'x,y\n');
  await symlink(workspace, path.join(workspace, 'ws', 'way-out'), 'junction');
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

const good = { task: 'toy', data: { path: 'data/a.csv', label: 'y' } };
const check = (config: Record<string, unknown>) =>
  checkConfig(
    { config, basePath: path.join(workspace, 'ws') },
    { tasks, workspacePath: path.join(workspace, 'ws') },
  );

describe('checkConfig', () => {
  it('fills in every default', async () => {
    const { config, problems } = await check(good);
    expect(problems).toEqual([]);
    expect(config).toMatchObject({
      name: 'toy',
      model: { units: 8 },
      data: { validation: 0.2 },
      training: { epochs: 30, optimizer: { type: 'adam', learningRate: 0.001 }, checkpoints: { keep: 3 } },
      outputPath: path.join(workspace, 'ws', 'models', 'trained', 'toy'),
    });
  });

  const cases: [string, Record<string, unknown>, string, RegExp][] = [
    ['a missing task', { data: good.data }, '/task', /missing.*toy/],
    ['an unknown task', { ...good, task: 'toi' }, '/task', /Did you mean `toy`/],
    ['a misspelt key', { ...good, trainning: {} }, '/trainning', /Did you mean `training`/],
    ['another spelling', { ...good, training: { batch_size: 4 } }, '/training/batch_size', /`batchSize`/],
    ['a misplaced key', { ...good, epochs: 4 }, '/epochs', /belongs in `training`/],
    ['a key of nowhere', { ...good, zzzzzz: 4 }, '/zzzzzz', /Known: task/],
    ['a missing field', { ...good, data: { path: 'data/a.csv' } }, '/data/label', /`label` is missing/],
    ['a missing section', { task: 'toy' }, '/data', /`data` is missing/],
    ['a wrong type', { ...good, model: { units: 'big' } }, '/model/units', /must be a number, not "big"/],
    ['a negative number', { ...good, model: { units: -1 } }, '/model/units', /Too small.*it is -1/],
    ['a fraction', { ...good, training: { epochs: 1.5 } }, '/training/epochs', /whole number/],
    [
      'an unknown optimizer',
      { ...good, training: { optimizer: { type: 'adan' } } },
      '/training/optimizer/type',
      /Did you mean `adam`/,
    ],
    ['an unknown engine', { ...good, engine: 'cuda' }, '/engine', /one of `auto`/],
    [
      'a file that is not there',
      { ...good, data: { ...good.data, path: 'b.csv' } },
      '/data/path',
      /b\.csv does not exist/,
    ],
    [
      'data outside',
      { ...good, data: { ...good.data, path: '../secret.csv' } },
      '/data/path',
      /out of the workspace/,
    ],
    [
      'data outside by link',
      { ...good, data: { ...good.data, path: 'way-out/secret.csv' } },
      '/data/path',
      /out of the workspace/,
    ],
    ['output outside', { ...good, output: '../out' }, '/output', /out of the workspace/],
    ['output outside by link', { ...good, output: 'way-out/deep/er' }, '/output', /out of the workspace/],
    ['output is the workspace', { ...good, output: '.' }, '/output', /folder of its own/],
    ['output over the data', { ...good, output: 'data' }, '/output', /holds the training data/],
    ['output over other files', { ...good, output: 'taken' }, '/output', /did not make/],
    [
      'momentum for adam',
      { ...good, training: { optimizer: { momentum: 0.9 } } },
      '/training/optimizer/momentum',
      /`sgd`/,
    ],
    ['a NUL in a path', { ...good, data: { ...good.data, path: 'a\0b' } }, '/data/path', /NUL/],
  ];
  it.each(cases)('names %s', async (_name, config, pointer, message) => {
    const { config: passed, problems } = await check(config);
    expect(passed).toBeUndefined();
    const found = problems.find((one) => one.path === pointer);
    expect(found?.message, JSON.stringify(problems)).toMatch(message);
    expect(found?.severity).toBe('error');
  });

  it('reads a file with comments, trailing commas and a byte order mark, and names the run after it', async () => {
    const file = path.join(workspace, 'ws', 'my digits.train.json');
    await writeFile(
      file,
      `\uFEFF// a comment\n{ "task": "toy", /* here */ "data": { "path": "data/a.csv", "label": "y", }, }`,
    );
    const { config, problems } = await checkConfig({ configPath: file }, { tasks, workspacePath: workspace });
    expect(problems).toEqual([]);
    expect(config).toMatchObject({ name: 'my digits', configPath: file, basePath: path.dirname(file) });
  });

  it('says that a file is missing', async () => {
    const { problems } = await checkConfig(
      { configPath: '/nowhere/x.train.json' },
      { tasks, workspacePath: workspace },
    );
    expect(problems).toMatchObject([
      { path: '', message: expect.stringMatching(/does not exist/) as string },
    ]);
  });

  it('never runs on a file with a syntax error', async () => {
    const file = path.join(workspace, 'ws', 'broken.train.json');
    await writeFile(file, `{ "task": "toy", "data": { "path": "data/a.csv" "label": "y" } }`);
    const { config, problems } = await checkConfig({ configPath: file }, { tasks, workspacePath: workspace });
    expect(config).toBeUndefined();
    expect(problems[0]?.message).toMatch(/Line 1, column \d+: a comma is missing/);
  });
});

describe('parseConfigText', () => {
  it.each([
    ['', /JSON object|value is expected/],
    ['[]', /must be a JSON object/],
    ['{ "a": ', /value is expected|brace/],
    ["{ 'a': 1 }", /double quotes/],
    ['{ "a": 1 } x', /more text|double quotes/],
  ])('refuses %j', (text, message) => {
    expect(
      parseConfigText(text)
        .problems.map((one) => one.message)
        .join(' '),
    ).toMatch(message);
  });

  it('points at the value that the error touches', () => {
    const { problems } = parseConfigText('{\n "training": {\n  "epochs": 3O\n }\n}');
    expect(problems[0]?.path).toBe('/training/epochs');
    expect(problems[0]?.message).toMatch(/^Line 3/);
  });
});

describe('the JSON schema', () => {
  it('describes every field and asks only for what has no default', () => {
    const schema = jsonSchemaOf(configSchema('toy', task));
    expect(schema['required']).toEqual(['task', 'data']);
    expect(schemaAt(schema, ['training', 'epochs'])).toMatchObject({ type: 'integer', default: 30 });
    expect(schemaAt(schema, ['training', 'epochs'])?.description).toMatch(/Passes/);
    expect(schemaAt(schema, ['data', 'path'])).toMatchObject({ format: 'path' });
    expect(schema['additionalProperties']).toBe(false);
  });
});

describe('small helpers', () => {
  it('measures edits', () => {
    expect(editDistance('epochs', 'epochs')).toBe(0);
    expect(editDistance('epohcs', 'epochs')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
    expect(nearest('Epoch', ['epochs', 'seed'])).toBe('epochs');
    expect(nearest('qqqq', ['epochs', 'seed'])).toBeUndefined();
  });

  it.each([
    ['Persian keywords', 'Persian-keywords'],
    ['کلیدواژه‌ها', 'کلیدواژه‌ها'],
    ['../../etc', 'etc'],
    ['CON', 'model-CON'],
    ['a<b>:c', 'a-b-c'],
    ['...', 'model'],
  ])('makes %j a folder name', (name, folder) => expect(folderName(name)).toBe(folder));
});
