/** What is wrong or worth knowing about examples that could be read. */
import { likeLabels } from '../../sdk/likeLabels';
import { linesOf as linesAt } from '../../sdk/problems';
import { figure, listed, sentences } from '../../sdk/say';
import { problem, warning, type ConfigProblem } from '../../sdk/trainingTask';
import type { Prepared } from './data';
import type { ModelOptions } from './config';
import { say } from './words';

const info = (path: string, message: string): ConfigProblem => ({ severity: 'info', path, message });
const defaultLength = 256;

/** `line 5`, `lines 5, 7 and 12 more`. */
export function linesOf(examples: readonly { readonly line: number }[]): string {
  return linesAt(examples.map(({ line }) => line));
}

const percent = (part: number, whole: number): string => say`${figure((100 * part) / whole, 1)} %`;

/** Empty texts and labels, scripts that are mixed, and how much the normalisation changes. */
export function lookAtTexts(examples: readonly Prepared[], at: string): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const textless = examples.filter(({ prepared }) => prepared === '');
  if (textless.length > 0)
    problems.push(warning(at, say`No text on ${linesOf(textless)}: left out. Fill or delete them.`));
  const unlabelled = examples.filter(({ label, prepared }) => label === '' && prepared !== '');
  if (unlabelled.length > 0)
    problems.push(warning(at, say`No label on ${linesOf(unlabelled)}: left out. Fill or delete them.`));
  const changed = examples.filter(
    ({ text, prepared }) => text.trim().toLowerCase() !== prepared.toLowerCase(),
  );
  if (changed.length > 0) {
    const share = percent(changed.length, examples.length);
    const message = say`Normalisation changes ${share} of the texts, the first on ${linesOf(changed)}.`;
    problems.push(info(at, message));
  }
  const mixed = examples.filter(
    ({ prepared }) => /\p{Script=Arabic}/u.test(prepared) && /\p{Script=Latin}/u.test(prepared),
  );
  if (mixed.length > 0) {
    const share = percent(mixed.length, examples.length);
    problems.push(
      info(at, say`${share} of the texts mix Persian and Latin letters, the first on ${linesOf(mixed)}.`),
    );
  }
  return problems;
}

export function lookAtLabels(examples: readonly Prepared[], labels: readonly string[]): ConfigProblem[] {
  const at = '/data/label';
  const counts = new Map<string, number>();
  for (const { label } of examples) counts.set(label, (counts.get(label) ?? 0) + 1);
  if (labels.length < 2) {
    const message = say`All ${examples.length} examples have the label "${labels[0] ?? ''}": with one class only there is nothing to tell apart.`;
    return [problem(at, message)];
  }
  if (labels.length > examples.length / 2) {
    const message = say`There are ${labels.length} different labels in ${examples.length} examples: too many to learn. Is it the right column?`;
    return [problem(at, message)];
  }
  const single = examples.filter(({ label }) => counts.get(label) === 1);
  if (single.length === 0) return likeLabels(labels, at);
  const names = listed([
    ...single.slice(0, 3).map(({ label }) => say`"${label}"`),
    ...(single.length > 3 ? ['…'] : []),
  ]);
  const message = say`Labels with one example only (${names}; ${linesOf(single)}) are trained on but cannot be measured.`;
  return [warning(at, message), ...likeLabels(labels, at)];
}

/** The same text twice: with two labels, or on both sides of the split. */
export function lookAtSplit(
  examples: readonly Prepared[],
  validation: readonly Prepared[] | undefined,
  labels: readonly string[],
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const first = new Map<string, Prepared>();
  const repeated: Prepared[] = [];
  const contradicting: Prepared[] = [];
  for (const example of examples) {
    const before = first.get(example.prepared);
    if (before === undefined) first.set(example.prepared, example);
    else (before.label === example.label ? repeated : contradicting).push(example);
  }
  if (contradicting.length > 0) {
    const message = say`Texts that stand elsewhere with another label: ${linesOf(contradicting)}. The model cannot get both right.`;
    problems.push(warning('/data/path', message));
  }
  if (repeated.length > 0) {
    const where = validation === undefined ? say`They stay on one side of the split.` : '';
    const message = say`Texts that repeat an earlier one: ${linesOf(repeated)}.`;
    problems.push(info('/data/path', sentences(message, where)));
  }
  if (validation === undefined) return [...problems, ...unmeasured(examples)];
  const at = '/data/validationPath';
  const absent = labels.filter((label) => !validation.some((one) => one.label === label));
  if (absent.length > 0) {
    const names = listed([
      ...absent.slice(0, 3).map((label) => say`"${label}"`),
      ...(absent.length > 3 ? ['…'] : []),
    ]);
    problems.push(warning(at, say`Labels without an example here: ${names}. They cannot be measured.`));
  }
  const seen = validation.filter(({ prepared }) => first.has(prepared));
  if (seen.length > 0) {
    const message = say`Texts that are in the training data too: ${linesOf(seen)}. They make the figures look better than they are.`;
    problems.push(warning(at, message));
  }
  const strange = validation.filter(({ label }) => !labels.includes(label));
  if (strange.length > 0) {
    const message = say`"${strange[0]?.label ?? ''}" (${linesOf(strange)}) is no label of the training data.`;
    problems.push(problem(at, message));
  }
  return problems;
}

/** A split is made of different texts by the label where each stands first: at least one label must have two. */
function unmeasured(examples: readonly Prepared[]): ConfigProblem[] {
  const labelOf = new Map<string, string>();
  for (const { prepared, label } of examples) if (!labelOf.has(prepared)) labelOf.set(prepared, label);
  const labels = [...labelOf.values()];
  if (new Set(labels).size < labels.length) return [];
  const message = say`There are only ${labels.length} different texts, none of the same label: none can be held out to measure by. Add examples.`;
  return [problem('/data/path', message)];
}

export function lookAtLengths(examples: readonly Prepared[], model: ModelOptions): ConfigProblem[] {
  const limit = (model.length ?? defaultLength) - 2;
  // A subword is at least a character, so only characters tell for sure.
  const long = examples.filter(({ prepared }) => prepared.length > limit);
  if (long.length === 0) return [];
  const message =
    model.unit === 'subword'
      ? say`Texts longer than ${limit} characters and may be cut off there: ${linesOf(long)}.`
      : say`Texts longer than ${limit} characters and are cut off there: ${linesOf(long)}.`;
  return [warning('/model/length', message)];
}
