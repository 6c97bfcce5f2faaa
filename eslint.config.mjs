import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** What a folder may not import: the borders of docs/architecture.md. */
function border(files, patterns, extra = {}) {
  return { files, rules: { 'no-restricted-imports': ['error', { patterns }] }, ...extra };
}
const vscode = { group: ['vscode'], message: 'Only extension/ knows VS Code.' };
const node = { group: ['node:*'], message: 'This folder runs in Node and in a webview alike.' };
const sql = { group: ['pg', '@electric-sql/*'], message: 'Only backend/database opens a database.' };
const sockets = { group: ['undici', '@huggingface/hub'], message: 'Only backend/hub talks to a hub.' };
const up = (...folders) => ({
  group: folders.flatMap((f) => [`**/${f}/**`]),
  message: 'This folder may not import from there; see docs/architecture.md.',
});

export default defineConfig(
  {
    ignores: [
      'dist/**',
      'node_modules/**',
      '.types/**',
      'test-results/**',
      'assets/**',
      '.vscode-test/**',
      '**/*.d.ts',
      '**/*.d.mts',
    ],
  },
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['vitest.config.mts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
    },
  },
  border(['protocol/**/*.ts'], [vscode, node, sql, sockets, up('backend', 'extension', 'webviews', 'ml')]),
  border(['ml/**/*.ts'], [vscode, node, sql, sockets, up('backend', 'extension', 'webviews', 'protocol')]),
  border(['webviews/**/*.ts'], [vscode, node, sql, sockets, up('backend', 'extension')]),
  border(
    ['extension/**/*.ts'],
    [
      sql,
      sockets,
      { group: ['@tensorflow/*'], message: 'No tensors in the editor process.' },
      up('backend', 'webviews', 'ml'),
    ],
  ),
  border(['backend/**/*.ts'], [vscode, sql, sockets, up('extension', 'webviews')]),
  border(['backend/database/**/*.ts'], [vscode, sockets, up('extension', 'webviews')]),
  border(['backend/hub/**/*.ts'], [vscode, sql, up('extension', 'webviews')]),
  {
    files: ['**/*.test.ts', 'tests/**/*.ts'],
    rules: {
      'no-restricted-imports': 'off',
      'max-lines': ['error', 600],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);
