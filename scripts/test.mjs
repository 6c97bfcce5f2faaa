// The whole check: `npm test [-- --only build,format,lint,types,unit,integration,e2e]`. Installs what is missing, runs every stage
// even after a failure, and ends with a table and the line "N passed, N failed".
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { Failure, runMain } from './lib/failure.mjs';
import { inRoot, root } from './lib/project.mjs';
import { requirements } from './lib/requirements.mjs';
import { run } from './lib/run.mjs';
import { durationText, say } from './lib/say.mjs';
import { packageFor } from './lib/onnx/release.mjs';
import { wheelFor } from './lib/tensorflow/release.mjs';
import { filesToRunAgain, passedOnlyAgain, withSecondRun } from './lib/secondRun.mjs';
import { closingLine, countTests } from './lib/testCounts.mjs';

const results = inRoot('test-results');
const bin = (...parts) => inRoot('node_modules', ...parts);

/**
 * Each stage: what the machine needs for it, and a program to run; `tests` is the Vitest project whose tests count, and
 * `again` says that a few failed files of it get a second run.
 */
const stages = [
  { name: 'build', needs: ['dependencies'], args: [inRoot('esbuild.mjs')] },
  { name: 'format', needs: ['dependencies'], args: [bin('prettier/bin/prettier.cjs'), '--check', '.'] },
  { name: 'lint', needs: ['dependencies'], args: [bin('eslint/bin/eslint.js'), '.'] },
  { name: 'types', needs: ['dependencies'], args: [bin('typescript/bin/tsc'), '-b'] },
  { name: 'unit', needs: ['dependencies', 'tensorflow'], tests: 'unit' },
  {
    name: 'integration',
    needs: ['dependencies', 'tensorflow', 'onnx', 'postgres', 'huggingface'],
    tests: 'integration',
  },
  {
    name: 'e2e',
    needs: ['dependencies', 'tensorflow', 'codeserver', 'chromium', 'fonts'],
    tests: 'e2e',
    again: true,
  },
];
/** Tests that failed, and passed when they ran again. */
const unsteady = [];

/** Tests decide for themselves which hub and database they talk to. */
function testEnvironment() {
  const env = { ...process.env, GOYA_BUILT: '1' };
  for (const name of Object.keys(env)) if (/^(?:HF_|DATABASE_URL$|PG[A-Z]+$)/.test(name)) delete env[name];
  return env;
}

async function runStage(stage) {
  for (const need of stage.needs) {
    // Where the native engine is not built, its tests skip themselves; where it is, it must be there.
    if (need === 'tensorflow' && !wheelFor()) continue;
    if (need === 'onnx' && !packageFor()) continue;
    await requirements[need]().catch((error) => withoutIt(need, error));
  }
  return stage.tests ? runTests(stage) : runOnce(stage);
}

/** Somebody without Python or without its package index can still run the rest: those tests say that they are left out. */
function withoutIt(need, error) {
  if (need !== 'huggingface' || process.env.CI || !(error instanceof Failure)) throw error;
  process.stderr.write(`! ${error.message}\n`);
}

async function runOnce({ args }) {
  const { ok } = await run(process.execPath, args, { cwd: root, show: true, allowFailure: true });
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

async function runTests({ tests, again }) {
  let { ok, report } = await vitest(tests, tests);
  const files = ok || again !== true ? [] : filesToRunAgain(report);
  if (files.length > 0) {
    say(`a second time: ${files.map((file) => path.relative(root, file)).join(', ')}`);
    const second = await vitest(tests, `${tests}-again`, files);
    for (const name of passedOnlyAgain(report, second.report)) unsteady.push(path.relative(root, name));
    ({ ok } = second);
    report = withSecondRun(report, second.report);
  }
  const counts = countTests(report);
  // An error outside every test, such as an unhandled rejection or a failed global setup.
  if (!ok && counts.failed === 0) counts.failed = 1;
  return counts;
}

async function vitest(project, name, files = []) {
  const report = path.join(results, `${name}.json`);
  await rm(report, { force: true });
  const { ok } = await run(
    process.execPath,
    [
      ...[bin('vitest/vitest.mjs'), 'run', '--project', project, ...files],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ],
    { cwd: root, env: testEnvironment(), show: true, allowFailure: true },
  );
  return { ok, report: JSON.parse(await readFile(report, 'utf8')) };
}

function chosenStages() {
  const at = process.argv.indexOf('--only');
  if (at < 0) return stages;
  const names = (process.argv[at + 1] ?? '').split(',');
  const unknown = names.find((name) => !stages.some((stage) => stage.name === name));
  if (unknown !== undefined)
    throw new Failure(`--only ${unknown}: the stages are ${stages.map((stage) => stage.name).join(', ')}`);
  return stages.filter((stage) => names.includes(stage.name));
}

await runMain(async () => {
  await mkdir(results, { recursive: true });
  const rows = [];
  for (const stage of chosenStages()) {
    say(`stage ${stage.name}`);
    const started = Date.now();
    let counts = { passed: 0, failed: 1, skipped: 0 };
    try {
      counts = await runStage(stage);
    } catch (error) {
      process.stderr.write(`✗ ${stage.name}: ${error instanceof Failure ? error.message : error.stack}\n`);
    }
    rows.push({ name: stage.name, ms: Date.now() - started, ...counts });
  }
  return summary(rows);
});

function summary(rows) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  process.stdout.write(
    `\n${'stage'.padEnd(14)}${'passed'.padStart(8)}${'failed'.padStart(8)}${'time'.padStart(14)}\n`,
  );
  for (const { name, passed, failed, skipped, ms } of rows) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
    process.stdout.write(
      `${name.padEnd(14)}${String(passed).padStart(8)}${String(failed).padStart(8)}${durationText(ms).padStart(14)}\n`,
    );
  }
  for (const name of unsteady) process.stdout.write(`! passed only the second time: ${name}\n`);
  process.stdout.write(`\n${closingLine(total)}\n`);
  return total.failed > 0 ? 1 : 0;
}
