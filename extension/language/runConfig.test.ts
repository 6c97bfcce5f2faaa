import { describe, expect, it } from 'vitest';
import { configStem, configText, copyOfConfig, freeName } from './runConfig';

const config = {
  data: { path: 'a.csv' },
  name: 'Iris',
  output: 'models/iris',
  task: 'tabular-classification',
};
const text = `{
  // How it began.
  "task": "tabular-classification",
  "name": "Iris",
  "data": { "path": "a.csv" },
  "output": "models/iris",
}
`;
const free = { isNameTaken: () => false, isOutputTaken: () => false, name: 'run' };

describe('a copy of a config', () => {
  it('keeps the file with its comments, under a free name and output', () => {
    const copy = copyOfConfig({
      ...free,
      config,
      text,
      isOutputTaken: (output) => output === 'models/iris-2',
    });
    expect(copy).toBe(text.replace('"Iris"', '"Iris-2"').replace('models/iris"', 'models/iris-3"'));
  });

  it('is what the run had where the file says something else by now', () => {
    const copy = copyOfConfig({ ...free, config, text: text.replace('a.csv', 'b.csv') });
    expect(JSON.parse(copy)).toEqual({ ...config, name: 'Iris-2', output: 'models/iris-2' });
    expect(Object.keys(JSON.parse(copy) as object)).toEqual(['task', 'name', 'data', 'output']);
  });

  it('names what had no name after the run, and leaves an output that follows the name', () => {
    const copy = copyOfConfig({ ...free, config: { task: 't', data: {} }, text: undefined });
    expect(JSON.parse(copy)).toEqual({ task: 't', data: {}, name: 'run-2' });
  });
});

it('counts on from a name that was counted', () => {
  expect(freeName('کلیدواژه‌ها', () => false)).toBe('کلیدواژه‌ها-2');
  expect(freeName('a-9', (name) => name === 'a-10')).toBe('a-11');
  expect(configStem('x/iris.train.json')).toBe('x/iris');
  expect(configText({ zzz: 1, output: 'o', task: 't' })).toBe(
    '{\n  "task": "t",\n  "output": "o",\n  "zzz": 1\n}\n',
  );
});
