import { describe, expect, it } from 'vitest';
import { checkNames } from './vsix.mjs';

const whole = [
  'extension.vsixmanifest',
  '[Content_Types].xml',
  'extension/package.json',
  'extension/package.nls.fa.json',
  'extension/dist/extension/extension.js',
  'extension/dist/backend/main.js',
  'extension/LICENSE.txt',
];

describe('checkNames', () => {
  it('lets the product pass', () => {
    expect(() => checkNames(whole)).not.toThrow();
  });
  it.each([
    'extension/backend/main.ts',
    'extension/node_modules/pg/index.js',
    'extension/.env',
    'extension/dist/meta-backend.json',
  ])('refuses %s', (name) => {
    expect(() => checkNames([...whole, name])).toThrow(name);
  });
  it('names what is missing', () => {
    expect(() => checkNames(whole.filter((name) => !name.endsWith('main.js')))).toThrow(
      'dist/backend/main.js',
    );
  });
});
