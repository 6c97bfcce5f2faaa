import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configFix } from '../../../protocol/model/configFix';
import tabular from '../../plugins/tabular-classification/index';
import { batchFor, modelSize } from '../../sdk/problems';
import type { TrainingTask } from '../../sdk/trainingTask';
import { inspectConfig } from '../inspectConfig';

let root: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'goya-fixes-')));
  await mkdir(path.join(root, 'data'));
  await mkdir(path.join(root, 'models'));
  for (const taken of ['models/out', 'models/out-2', 'models/out-3']) {
    await mkdir(path.join(root, taken));
    await writeFile(path.join(root, taken, 'thesis.txt'), 'mine');
  }
  const rows = Array.from({ length: 40 }, (_, i) => `${i},${i % 7},${i % 2 === 0 ? 'even' : 'odd'}`);
  await writeFile(path.join(root, 'data', 'numbers.csv'), `a,b,kind\n${rows.join('\n')}\n`);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const tasks = new Map<string, TrainingTask>([['tabular-classification', tabular]]);
const good = {
  task: 'tabular-classification',
  data: { path: 'data/numbers.csv', label: 'kind' },
  training: { batchSize: 8 },
};

/** `code pointer: first fix`. */
async function found(config: Record<string, unknown>): Promise<string[]> {
  const { problems } = await inspectConfig({ config, basePath: root }, { tasks, workspacePath: root });
  return problems.map(({ code, path: at, fixes = [] }) => {
    for (const fix of fixes) expect(() => configFix.parse(fix)).not.toThrow();
    const [fix] = fixes;
    const shown =
      fix === undefined
        ? 'none'
        : fix.kind === 'set'
          ? JSON.stringify(fix.value)
          : fix.kind === 'move'
            ? `→ ${fix.to}`
            : 'remove';
    return `${code ?? '?'} ${at}: ${shown}`;
  });
}

it('has nothing to mend in a good config', async () => {
  expect(await found(good)).toEqual([]);
});

const cases: [string, Record<string, unknown>, string][] = [
  ['a misspelt key', { ...good, trainning: {} }, 'schema.unknown /trainning: remove'],
  [
    'a misspelt key that is free',
    { ...good, training: { epoch: 3 } },
    'schema.unknown /training/epoch: → /training/epochs',
  ],
  ['a key of another section', { ...good, epochs: 3 }, 'schema.unknown /epochs: → /training/epochs'],
  ['a misspelt key of another section', { ...good, epochz: 3 }, 'schema.unknown /epochz: → /training/epochs'],
  ['a key of nowhere', { ...good, qqqqqq: 3 }, 'schema.unknown /qqqqqq: remove'],
  ['a hostile key', { ...good, ['a/~"\u202e']: 3 }, 'schema.unknown /a~1~0"\u202e: remove'],
  ['a wrong enum value', { ...good, engine: 'wsam' }, 'schema.value /engine: "wasm"'],
  [
    'an unknown task',
    { ...good, task: 'tabular-clasification' },
    'schema.value /task: "tabular-classification"',
  ],
  ['a missing task', { data: good.data }, 'schema.missing /task: "tabular-classification"'],
  ['a missing section', { task: good.task }, 'schema.missing /data: {"path":""}'],
  ['a number as text', { ...good, training: { batchSize: '8' } }, 'schema.type /training/batchSize: 8'],
  [
    'a text for a number',
    { ...good, training: { batchSize: 'many' } },
    'schema.type /training/batchSize: 32',
  ],
  [
    'a number out of bounds',
    { ...good, training: { batchSize: 1e6 } },
    'schema.range /training/batchSize: 65536',
  ],
  ['a wrong column', { ...good, data: { ...good.data, label: 'knid' } }, 'data.column /data/label: "kind"'],
  [
    'a file that is not there',
    { ...good, data: { ...good.data, path: 'dta/number.csv' } },
    'path.missing /data/path: "data/numbers.csv"',
  ],
  [
    'a path that leads out',
    { ...good, data: { ...good.data, path: '../../etc' } },
    'path.outside /data/path: none',
  ],
  [
    'an absolute path of nowhere',
    { ...good, data: { ...good.data, path: '/zzz/q.csv' } },
    'path.outside /data/path: none',
  ],
  [
    'a batch larger than the data',
    { ...good, training: { batchSize: 500 } },
    'training.batch /training/batchSize: 8',
  ],
  ['an output that is not free', { ...good, output: 'models/out' }, 'output.taken /output: "models/out-4"'],
  [
    'momentum for adam',
    { ...good, training: { batchSize: 8, optimizer: { momentum: 0.5 } } },
    'training.meaningless /training/optimizer/momentum: remove',
  ],
  [
    'a checkpoint after the end',
    { ...good, training: { batchSize: 8, epochs: 3, checkpoints: { everyEpochs: 9 } } },
    'training.late /training/checkpoints/everyEpochs: 3',
  ],
  [
    'a model that no machine holds',
    { ...good, model: { hidden: Array(16).fill(8192) } },
    'model.size /model/hidden: none',
  ],
];
it.each(cases)('knows what would mend %s', async (_name, config, expected) => {
  expect(await found(config)).toContain(expected);
});

it('counts batches and weights', () => {
  expect([0, 1, 3, 4, 1000].map(batchFor)).toEqual([1, 1, 2, 4, 512]);
  expect(modelSize('/model', 1e6)).toEqual([]);
  expect(modelSize('/model', 1e8)).toMatchObject([{ severity: 'warning' }]);
  expect(modelSize('/model', 1e9)).toMatchObject([{ severity: 'error' }]);
});
