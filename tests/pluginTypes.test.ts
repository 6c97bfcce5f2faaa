/** What an author of a plugin compiles against is what is shipped. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const published = readFileSync(path.join(root, 'backend/sdk/published.ts'), 'utf8');

it('publishes types that stand by themselves', () => {
  const imports = [...published.matchAll(/^import (type )?.*from '([^']+)';$/gm)];
  expect(imports.map(([, type]) => type)).toEqual(imports.map(() => 'type '));
  expect(imports.map(([, , from]) => from)).toEqual([
    '@tensorflow/tfjs-core',
    '@tensorflow/tfjs-layers',
    'zod',
  ]);
  // As a .d.ts file it may hold no values.
  expect(published).not.toMatch(/^export (const|function|class|let|default)/m);
});

it('compiles the sample with them', () => {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const project = path.join(root, 'samples/plugin-table-regression/tsconfig.json');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status).toBe(0);
}, 120_000);
