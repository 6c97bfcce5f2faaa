import { describe, expect, it } from 'vitest';
import type { TensorSpec } from '../../../ml/bare/bareModel';
import { audioParameters } from '../../../ml/bare/soundWindows';
import { bareSnippet, type BareSnippetInput } from './bareSnippet';
import { csvOf, jsonOf, matrixOf, pictureOf } from './exportText';
import { likelyView, possibleKinds } from './guesses';
import { parseLabels } from './labels';
import { filled, numbersFromText } from './numbers';
import { formOf, freshBare, withForm } from './saved';

const spec = (shape?: (number | null)[], dtype = 'float32'): TensorSpec => ({ name: 'x', shape, dtype });

describe('numbers that are typed', () => {
  it.each<[string, TensorSpec, number[], number[]]>([
    ['1, 2\n3 4', spec([null, 2]), [2, 2], [1, 2, 3, 4]],
    ['۱٫۵، ۲', spec([2]), [2], [1.5, 2]],
    ['[[1,2,3]]', spec([null, 3]), [1, 3], [1, 2, 3]],
    ['[1,2,3]', spec([1, null]), [1, 3], [1, 2, 3]],
    ['{"shape":[1,1],"data":[7]}', spec([null, 1]), [1, 1], [7]],
    ['5', spec([]), [], [5]],
    ['1 2 3', spec(undefined), [3], [1, 2, 3]],
    ['true', spec([1], 'bool'), [1], [1]],
  ])('%s', (text, of, shape, data) => {
    expect(numbersFromText(text === 'true' ? '[true]' : text, of)).toEqual({ shape, data });
  });

  it.each<[string, TensorSpec, RegExp]>([
    ['', spec([1]), /no numbers yet/],
    ['1 x', spec([2]), /"x" is no number/],
    ['1 2 3', spec([null, 2]), /takes \[\?, 2\]: 3 numbers do not fill it/],
    ['[1', spec([1]), /not valid JSON/],
    ['[["a"]]', spec([1, 1]), /no number/],
    ['1.5', spec([1], 'int32'), /whole numbers/],
    ['1', spec([1], 'string'), /type string/],
  ])('refuses %j', (text, of, message) => {
    expect(() => numbersFromText(text, of)).toThrow(message);
  });

  it('or made: zeros, and the same chance each time', () => {
    expect(filled(spec([null, 2]), 'zeros')).toEqual({ shape: [1, 2], data: new Float32Array(2) });
    expect(filled(spec([3]), 'random')).toEqual(filled(spec([3]), 'random'));
    expect(filled(spec([9], 'int32'), 'random').data.every(Number.isInteger)).toBe(true);
  });
});

it('guesses what fills an input, and how an output is shown', () => {
  expect(possibleKinds(spec([null, 224, 224, 3]))[0]).toBe('image');
  expect(possibleKinds(spec([null, 43_844, 1]))[0]).toBe('sound');
  expect(possibleKinds(spec([null]))[0]).toBe('sound');
  expect(possibleKinds(spec([null, 4]))).toEqual(['numbers', 'sound']);
  expect(possibleKinds(spec([2], 'bool'))).toEqual(['numbers']);
  const view = (...shape: number[]) => likelyView({ name: 'y', dtype: 'float32', shape, data: [] });
  expect([view(1, 10), view(1, 172, 88), view(1, 64, 64, 3), view(5000), view(1, 2, 2)]).toEqual([
    'scores',
    'heat',
    'image',
    'line',
    'table',
  ]);
});

it('writes outputs as CSV and JSON, and sees matrices and pictures in them', () => {
  const output = { name: 'y', dtype: 'float32', shape: [1, 2, 2], data: [1, null, 0.5, -2] };
  expect(csvOf(output)).toBe('1,\n0.5,-2\n');
  expect(JSON.parse(jsonOf(output))).toEqual(output);
  expect(matrixOf(output)).toMatchObject({ rows: 2, columns: 2 });
  expect(csvOf({ name: 'y', dtype: 'string', shape: [2], data: ['a,b', 'c"'] })).toBe('"a,b","c"""\n');
  expect(matrixOf({ name: 'y', dtype: 'string', shape: [1], data: ['a'] })).toBeUndefined();
  expect(pictureOf({ ...output, shape: [1, 2, 2, 1] })).toMatchObject({ height: 2, width: 2, channels: 1 });
  expect(pictureOf(output)).toMatchObject({ height: 2, width: 2, channels: 1 });
  expect(pictureOf({ ...output, shape: [1, 1, 1, 4] })).toMatchObject({ height: 1, width: 1, channels: 4 });
});

it.each<[string, string, string[] | undefined]>([
  ['labels.txt', 'سگ\nگربه\n', ['سگ', 'گربه']],
  ['labels.txt', '0 cat\r\n1 big dog', ['cat', 'big dog']],
  ['a.json', '["a","b"]', ['a', 'b']],
  ['a.json', '{"0":"a","1":"b"}', ['a', 'b']],
  ['metadata.json', '{"labels":["x"],"other":1}', ['x']],
  ['metadata.json', '{"other":1}', undefined],
  ['a.json', '{', undefined],
])('reads labels from %s: %s', (file, text, names) => {
  expect(parseLabels(file, text)?.names).toEqual(names);
});

it('remembers the form of each model', () => {
  const one = withForm(undefined, '/a', { ...freshBare, views: { y: 'heat' } });
  const two = withForm(one, '/b', freshBare);
  expect(formOf(two, '/a').views).toEqual({ y: 'heat' });
  expect(formOf(two, '/c')).toEqual(freshBare);
  const many = Array.from({ length: 30 }, (_, i) => `/${i}`).reduce(
    (all, path) => withForm(all, path, freshBare),
    two,
  );
  expect([many.length, many.at(-1)?.path]).toEqual([20, '/29']);
});

describe('the code', () => {
  const input: BareSnippetInput = {
    kind: 'bare',
    model: { format: 'graph', dynamic: false, inputs: [spec([1])] },
    values: { x: { shape: [1], data: [1] } },
    images: {},
  };

  it('quotes whatever the folder and the values hold', () => {
    const code = bareSnippet('node', 'C:\\models\\"odd"', input);
    expect(code).toContain('const folder = "C:/models/\\"odd\\"/";');
    expect(code).toContain("tf.tensor([1], [1], 'float32')");
    expect(code).toContain('model.execute(inputs)');
  });

  it('for the web reads no files, not even a sound', () => {
    const sound = {
      file: 'a.wav',
      parameters: audioParameters.parse({ sampleRate: 16_000, features: 'logMel' }),
      windows: { length: 4, hop: 4, lead: 0, shape: [1, -1, 64], whole: false },
    };
    const code = bareSnippet('web', '/m', { ...input, model: { ...input.model, dynamic: true }, sound });
    expect(code).not.toContain('node:');
    expect(code).not.toContain('readFile');
    expect(code).toContain("tf.loadGraphModel(folder + 'model.json')");
    expect(code).toContain('await model.executeAsync(inputs)');
  });
});
