/** Where the trained model may go: inside the workspace, not onto the data, not over someone else's files. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigFix } from '../../../protocol/model/configFix';
import type { ConfigProblem } from '../../../protocol/model/run';
import { metadataFile } from '../../../ml/trained/metadata';
import { say } from '../../language/say';
import { problem } from '../../sdk/trainingTask';
import { isInside, outside, type PathRules } from './paths';

/** A name as a folder name on every system: letters of any language stay. */
export function folderName(name: string): string {
  const plain = name
    .trim()
    .replace(/[<>:"/\\|?*\p{Cc}]+/gu, '-')
    .replace(/\s+/g, '-')
    .replace(/^[.-]+|[.\s-]+$/g, '')
    .slice(0, 80);
  const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(plain);
  return plain === '' || reserved ? `model-${plain}`.replace(/-$/, '') : plain;
}

export async function checkOutput(
  output: { given: string; absolute: string },
  dataPaths: readonly string[],
  rules: PathRules,
): Promise<ConfigProblem[]> {
  const at = '/output';
  if (output.given.includes('\0')) return [problem(at, say`A path may not contain a NUL character.`)];
  if (!(await isInside(rules.workspacePath, output.absolute))) return [outside(at, output.given, rules)];
  if (path.resolve(output.absolute) === path.resolve(rules.workspacePath)) {
    return [problem(at, say`The output must be a folder of its own, not the workspace itself.`)];
  }
  for (const data of dataPaths) {
    const taken = { code: 'output.data' };
    if (await isInside(data, output.absolute)) {
      const message = say`${output.given} lies in the training data ${data}. Choose a folder outside it.`;
      return [problem(at, message, taken)];
    }
    if (await isInside(output.absolute, data)) {
      const message = say`${output.given} holds the training data and would be replaced. Choose another folder.`;
      return [problem(at, message, taken)];
    }
  }
  return checkTaken(output);
}

/** An older output may be replaced; anything else in the way may not. */
async function checkTaken(output: { given: string; absolute: string }): Promise<ConfigProblem[]> {
  const info = await stat(output.absolute).catch(() => undefined);
  if (info === undefined) return [];
  const fixes = async () => ({ code: 'output.taken', fixes: await freeOutput(output) });
  if (!info.isDirectory())
    return [problem('/output', say`${output.given} is a file. Choose a folder name.`, await fixes())];
  const entries = await readdir(output.absolute);
  if (entries.length === 0 || entries.includes(metadataFile)) return [];
  const message = say`${output.given} holds files that Goya did not make. Choose an empty or new folder.`;
  return [problem('/output', message, await fixes())];
}

/** The first of `iris-2`, `iris-3`, … that is neither on disk nor another run's. */
export async function freeOutput(
  { given, absolute }: { given: string; absolute: string },
  isTaken: (absolute: string) => boolean = () => false,
): Promise<ConfigFix[]> {
  const strip = (text: string): string => text.replace(/[\\/]+$/, '').replace(/-\d{1,4}$/, '');
  for (let next = 2; next < 1000; next += 1) {
    const candidate = `${strip(path.resolve(absolute))}-${next}`;
    if (isTaken(candidate) || (await stat(candidate).catch(() => undefined)) !== undefined) continue;
    return [{ kind: 'set', path: '/output', value: `${strip(given)}-${next}`.split(path.sep).join('/') }];
  }
  return [];
}
