import path from 'node:path';
import { expect, it } from 'vitest';
import { backendPaths, type PathInputs } from './paths';

const root = path.parse(process.cwd()).root;
const at = (...parts: string[]) => path.join(root, ...parts);

const inputs: PathInputs = {
  workspaceFolder: at('work', 'voice'),
  trusted: true,
  storagePath: '',
  modelsPath: 'models',
  globalStorage: at('global'),
  workspaceStorage: at('ws-storage'),
  homeFolder: at('home', 'me'),
};

it('keeps state and models in a trusted workspace', () => {
  expect(backendPaths(inputs)).toEqual({
    storagePath: at('work', 'voice', '.goya'),
    modelsPath: at('work', 'voice', 'models'),
  });
});

it('does not open a database that came with an untrusted workspace', () => {
  expect(backendPaths({ ...inputs, trusted: false }).storagePath).toBe(at('ws-storage'));
});

it('uses its own folder in an empty window', () => {
  expect(backendPaths({ ...inputs, workspaceFolder: undefined, workspaceStorage: undefined })).toEqual({
    storagePath: at('global'),
    modelsPath: at('global', 'models'),
  });
});

it('expands the home folder, variables and relative paths in settings', () => {
  expect(backendPaths({ ...inputs, modelsPath: '~/models' }).modelsPath).toBe(at('home', 'me', 'models'));
  expect(backendPaths({ ...inputs, modelsPath: '${workspaceFolder}/m' }).modelsPath).toBe(
    at('work', 'voice', 'm'),
  );
  expect(backendPaths({ ...inputs, storagePath: at('elsewhere') }).storagePath).toBe(at('elsewhere'));
  expect(backendPaths({ ...inputs, modelsPath: '' }).modelsPath).toBe(at('work', 'voice', 'models'));
});
