/** Runs the cases below a folder, writes what was computed, and compares it. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MlError } from '../../ml/errors';
import { compareArrays, compareTexts, type Verdict } from './compare';
import { GoldenCase } from './goldenCase';
import { readNpy, writeNpy } from './npy';
import { refusalOf, type Refusal } from './refusal';
import { families } from './registry';
import { checkWeightFiles, isWeightFile } from './weightFiles';

export interface Totals {
  passed: number;
  failed: number;
}

export interface RunOptions {
  /** Names of cases to run; all by default. */
  readonly only?: readonly string[];
  readonly tell: (line: string) => void;
}

/** Folders below `root` that hold expected/expected.json, by their relative paths; and those with weight files alone. */
async function foldersBelow(root: string): Promise<{ cases: string[]; bare: string[] }> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const relative = (folder: string): string => path.relative(root, folder).split(path.sep).join('/');
  const files = entries.filter((entry) => !entry.isDirectory());
  const cases = files
    .filter((file) => file.name === 'expected.json' && path.basename(file.parentPath) === 'expected')
    .map((file) => relative(path.dirname(file.parentPath)));
  // A case reads its own; what lies below it, such as other forms of its weights, is read besides.
  const inCase = (folder: string): boolean => cases.includes(folder) || /(^|\/)expected(\/|$)/.test(folder);
  const bare = files
    .filter((file) => isWeightFile(file.name))
    .map((file) => relative(file.parentPath))
    .filter((folder) => !inCase(folder));
  return { cases: cases.sort(), bare: [...new Set(bare)].sort() };
}

/** Rejects only when `root` itself cannot be read. */
export async function runGoldens(root: string, out: string, { only, tell }: RunOptions): Promise<Totals> {
  const totals: Totals = { passed: 0, failed: 0 };
  const { cases, bare } = await foldersBelow(root);
  const asked = (name: string): boolean => only === undefined || only.includes(name);
  for (const name of cases.filter(asked)) {
    const target = path.join(out, ...name.split('/'));
    await runCase(path.join(root, name), name, target, (label, verdict) => {
      totals[verdict.passed ? 'passed' : 'failed']++;
      tell(`${verdict.passed ? 'pass' : 'FAIL'}  ${name}/${label}: ${verdict.text}`);
    });
  }
  for (const name of bare.filter(asked)) {
    const outcomes = await checkWeightFiles(path.join(root, name));
    await writeJson(path.join(out, ...name.split('/')), { weight_files: outcomes });
    for (const [file, outcome] of Object.entries(outcomes))
      tell(`      ${name}/${file}: ${sentence(outcome)}`);
  }
  if (cases.length + bare.length === 0)
    tell(`There is no case below ${root}: a folder with expected/expected.json.`);
  return totals;
}

const sentence = (outcome: 'read' | Refusal): string =>
  outcome === 'read' ? 'read' : `refused, ${outcome.kind}: ${outcome.message}`;

type Report = (label: string, verdict: Verdict) => void;

async function runCase(folder: string, name: string, target: string, report: Report): Promise<void> {
  let golden: GoldenCase | undefined;
  let refusal: Refusal | undefined;
  try {
    golden = await GoldenCase.open(folder, name);
    await runFamily(golden);
  } catch (error) {
    refusal = refusalOf(error);
  } finally {
    await golden?.close();
  }
  await mkdir(target, { recursive: true });
  if (golden === undefined) {
    await writeJson(target, { error: refusal });
    report('error', { passed: false, text: refusal === undefined ? '' : sentence(refusal) });
    return;
  }
  await settle(golden, target, refusal, report);
}

function runFamily(golden: GoldenCase): Promise<void> {
  const family = families.find((one) => one.matches(golden));
  if (family !== undefined) return family.run(golden);
  const type = golden.config['model_type'];
  throw new MlError(
    'model.unsupported',
    typeof type === 'string'
      ? `No code here runs a model of type "${type}".`
      : 'Nothing tells what to compute.',
  );
}

/** Writes what there is and compares it with what was expected. */
async function settle(
  golden: GoldenCase,
  target: string,
  refusal: Refusal | undefined,
  report: Report,
): Promise<void> {
  const refused = refusal === undefined ? {} : { error: refusal };
  const { files, ...texts } = golden.expected;
  for (const [file, array] of golden.arrays) {
    const to = path.join(target, ...file.split('/'));
    await mkdir(path.dirname(to), { recursive: true });
    await writeFile(to, writeNpy(array));
  }
  await writeJson(target, {
    ...Object.fromEntries(golden.texts),
    ...Object.fromEntries(golden.figures),
    ...refused,
  });
  if (refusal !== undefined) {
    report('error', refusalVerdict(refusal, golden));
    return;
  }
  for (const [file, { kind, atol = 0 }] of Object.entries(files)) {
    if (kind !== 'output') continue;
    const wanted = readNpy(await readFile(path.join(golden.path, 'expected', ...file.split('/'))), file);
    report(file, compareArrays(golden.arrays.get(file), wanted, atol));
  }
  for (const [key, value] of golden.texts) {
    if (texts[key] !== undefined) report(key, compareTexts(value, texts[key]));
  }
  for (const { text, failed } of golden.remarks) report('also', { passed: !failed, text });
}

/** A case may say that it must be refused: `error: "model.corrupt"`, or an object with such a `kind`. */
function refusalVerdict(refusal: Refusal, golden: GoldenCase): Verdict {
  const { error } = golden.expected as { error?: unknown };
  const wanted = typeof error === 'object' && error !== null ? (error as { kind?: unknown }).kind : error;
  return { passed: wanted === refusal.kind, text: sentence(refusal) };
}

async function writeJson(folder: string, value: object): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'outputs.json'), `${JSON.stringify(value, null, 1)}\n`);
}
