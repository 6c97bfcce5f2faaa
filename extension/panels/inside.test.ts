import path from 'node:path';
import { expect, it } from 'vitest';
import { isInsideAny } from './inside';

const root = path.parse(process.cwd()).root;
const at = (...parts: string[]) => path.join(root, ...parts);

it('lets nothing out of the folders', () => {
  const folders = [at('work'), at('models', 'a')];
  expect(isInsideAny(at('work'), folders)).toBe(true);
  expect(isInsideAny(at('work', 'x', 'y.wav'), folders)).toBe(true);
  expect(isInsideAny(at('models', 'b'), folders)).toBe(false);
  expect(isInsideAny(at('workshop', 'x'), folders)).toBe(false);
  expect(isInsideAny(`${at('work')}${path.sep}..${path.sep}etc`, folders)).toBe(false);
  expect(isInsideAny(at('x'), [])).toBe(false);
});
