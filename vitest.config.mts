import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', 'dist/**'];
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{protocol,ml,backend,extension,webviews,scripts}/**/*.test.{ts,mjs}', 'tests/*.test.ts'],
          exclude,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          exclude,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup: ['tests/integration/globalSetup.ts'],
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          exclude,
          testTimeout: 240_000,
          hookTimeout: 300_000,
          globalSetup: ['tests/e2e/globalSetup.ts'],
          fileParallelism: false,
        },
      },
    ],
  },
});
