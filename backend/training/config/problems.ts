/** Zod's findings as problems a person can act on: what, where, and the nearest thing that would be right. */
import type { z } from 'zod';
import type { ConfigFix } from '../../../protocol/model/configFix';
import type { ConfigProblem } from '../../../protocol/model/run';
import { nearest } from '../../sdk/nearest';
import { problem } from '../../sdk/trainingTask';
import { pointerOf, valueAt } from './pointer';
import { boundFixes, chosenFixes, fixesOfMissing, fixesOfType } from './schemaFixes';
import { schemaAt, type JsonSchema } from './schema';

export function problemsOf(error: z.ZodError, value: unknown, schema: JsonSchema): ConfigProblem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, value, schema));
}

function problemsOfIssue(issue: z.core.$ZodIssue, value: unknown, schema: JsonSchema): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey([...issue.path], key, value, schema));
  }
  const at = pointerOf(issue.path);
  const name = String(issue.path.at(-1) ?? 'The file');
  const given = valueAt(value, issue.path);
  const here = schemaAt(schema, issue.path);
  if (given === undefined && issue.path.length > 0) {
    const about = here?.description === undefined ? '' : ` ${sentence(here.description)}`;
    const fixes = fixesOfMissing(at, here);
    return [problem(at, `\`${name}\` is missing.${about}`, { code: 'schema.missing', fixes })];
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    const meant = typeof given === 'string' ? nearest(given, allowed) : undefined;
    const hint = meant === undefined ? '' : ` Did you mean \`${meant}\`?`;
    const message = `\`${name}\` must be ${oneOf(allowed)}, not ${shown(given)}.${hint}`;
    return [problem(at, message, { code: 'schema.value', fixes: chosenFixes(at, meant, issue.values) })];
  }
  if (issue.code === 'invalid_type') {
    const message = `\`${name}\` must be ${article(issue.expected)}, not ${shown(given)}.`;
    return [problem(at, message, { code: 'schema.type', fixes: fixesOfType(at, given, here) })];
  }
  const what = issue.message.replace(/^(Too (?:small|big)): /, '$1: ');
  const message = `\`${name}\`: ${what} (it is ${shown(given)}).`;
  return [problem(at, message, { code: 'schema.range', fixes: boundFixes(at, given, here) })];
}

function unknownKey(path: PropertyKey[], key: string, value: unknown, schema: JsonSchema): ConfigProblem {
  const known = Object.keys(schemaAt(schema, path)?.properties ?? {}).filter((one) => one !== '$schema');
  const at = pointerOf([...path, key]);
  const isFree = (to: readonly PropertyKey[]): boolean => valueAt(value, to) === undefined;
  const move = (to: readonly PropertyKey[]): ConfigFix[] =>
    isFree(to) ? [{ kind: 'move', path: at, to: pointerOf(to) }] : [];
  const say = (message: string, fixes: readonly ConfigFix[]): ConfigProblem =>
    problem(at, `\`${key}\` is not known here${message}`, {
      code: 'schema.unknown',
      fixes: [...fixes, { kind: 'remove', path: at }],
    });
  const meant = nearest(key, known);
  if (meant !== undefined) return say(`. Did you mean \`${meant}\`?`, move([...path, meant]));
  const elsewhere = placeOf(key, schema, []);
  if (elsewhere !== undefined) {
    const section = elsewhere.length === 0 ? 'the top level of the file' : `\`${elsewhere.join('.')}\``;
    return say(`; it belongs in ${section}.`, move([...elsewhere, key]));
  }
  return say(`. Known: ${known.join(', ')}.`, []);
}

/** The section that has a key of this name. */
function placeOf(key: string, schema: JsonSchema, path: string[]): string[] | undefined {
  const properties = schema.properties ?? {};
  if (key in properties) return path;
  for (const [name, child] of Object.entries(properties)) {
    const found = placeOf(key, child, [...path, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function oneOf(values: readonly string[]): string {
  const quoted = values.map((value) => `\`${value}\``);
  return quoted.length === 1 ? (quoted[0] ?? '') : `one of ${quoted.join(', ')}`;
}

function article(type: string): string {
  if (type === 'int') return 'a whole number';
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type === 'string' ? 'text' : type}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'nothing';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
