// Renews the generated part of docs/protocol.md from the specs in protocol/.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const vitest = path.resolve('node_modules/vitest/vitest.mjs');
const run = spawnSync(process.execPath, [vitest, 'run', '--project', 'unit', 'tests/protocolDocs.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, GOYA_UPDATE_DOCS: '1' },
});
process.exit(run.status ?? 1);
