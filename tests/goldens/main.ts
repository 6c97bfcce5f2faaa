/** `npm run verify:goldens -- DIR --out OUT [--engine cpu|wasm|tensorflow]`, bundled by scripts/verify-goldens.mjs. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadEngine } from '../../backend/training/engines/load';
import { runGoldens } from './run';

const usage = 'Usage: npm run verify:goldens -- DIR --out OUT [--engine cpu|wasm|tensorflow] [--only CASE]…';
const tell = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      engine: { type: 'string', default: 'auto' },
      only: { type: 'string', multiple: true },
    },
  });
  const [folder, ...more] = positionals;
  const { out, engine, only } = values;
  const known = engine === 'auto' || engine === 'cpu' || engine === 'wasm' || engine === 'tensorflow';
  if (folder === undefined || more.length > 0 || out === undefined || !known) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const isFolder = await stat(folder).then(
    (info) => info.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    process.stderr.write(`${path.resolve(folder)} is no folder.\n`);
    return 2;
  }
  const { name, version, reason } = await loadEngine(engine, { storagePath: undefined });
  tell(`Engine: ${name} ${version} (${reason})`);
  const { passed, failed } = await runGoldens(folder, out, { tell, ...(only === undefined ? {} : { only }) });
  tell(`${passed} passed, ${failed} failed`);
  return failed > 0 || passed === 0 ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
