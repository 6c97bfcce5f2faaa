// Desktop VS Code, for machines that can fetch it: `npx vscode-test`. The same checks run in the browser edition in tests/e2e.
import { defineConfig } from '@vscode/test-cli';

export default defineConfig({
  label: 'desktop',
  files: 'tests/desktop/**/*.test.cjs',
  version: process.env.GOYA_VSCODE_VERSION ?? 'stable',
  workspaceFolder: 'samples/workspace',
  launchArgs: ['--disable-extensions', '--disable-workspace-trust'],
  mocha: { ui: 'tdd', timeout: 60_000 },
});
