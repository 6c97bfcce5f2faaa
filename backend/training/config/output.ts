/** Where the trained model may go: inside the workspace, not onto the data, not over someone else's files. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigProblem } from '../../../protocol/model/run';
import { metadataFile } from '../../../ml/trained/metadata';
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
  if (output.given.includes('\0')) return [problem(at, 'A path may not contain a NUL character.')];
  if (!(await isInside(rules.workspacePath, output.absolute))) return [outside(at, output.given, rules)];
  if (path.resolve(output.absolute) === path.resolve(rules.workspacePath)) {
    return [problem(at, 'The output must be a folder of its own, not the workspace itself.')];
  }
  for (const data of dataPaths) {
    if (await isInside(data, output.absolute)) {
      return [problem(at, `${output.given} lies in the training data ${data}. Choose a folder outside it.`)];
    }
    if (await isInside(output.absolute, data)) {
      return [
        problem(at, `${output.given} holds the training data and would be replaced. Choose another folder.`),
      ];
    }
  }
  return checkTaken(output);
}

/** An older output may be replaced; anything else in the way may not. */
async function checkTaken(output: { given: string; absolute: string }): Promise<ConfigProblem[]> {
  const info = await stat(output.absolute).catch(() => undefined);
  if (info === undefined) return [];
  if (!info.isDirectory()) return [problem('/output', `${output.given} is a file. Choose a folder name.`)];
  const entries = await readdir(output.absolute);
  if (entries.length === 0 || entries.includes(metadataFile)) return [];
  return [
    problem('/output', `${output.given} holds files that Goya did not make. Choose an empty or new folder.`),
  ];
}
