/** Zod's findings as problems a person can act on: what, where, and the nearest thing that would be right. */
import type { z } from 'zod';
import type { ConfigProblem } from '../../../protocol/model/run';
import { problem } from '../../sdk/trainingTask';
import { nearest } from './nearest';
import { pointerOf, valueAt } from './pointer';
import { schemaAt, type JsonSchema } from './schema';

export function problemsOf(error: z.ZodError, value: unknown, schema: JsonSchema): ConfigProblem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, value, schema));
}

function problemsOfIssue(issue: z.core.$ZodIssue, value: unknown, schema: JsonSchema): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey([...issue.path], key, schema));
  }
  const at = pointerOf(issue.path);
  const name = String(issue.path.at(-1) ?? 'The file');
  const given = valueAt(value, issue.path);
  if (given === undefined && issue.path.length > 0) {
    const description = schemaAt(schema, issue.path)?.description;
    return [
      problem(at, `\`${name}\` is missing.${description === undefined ? '' : ` ${sentence(description)}`}`),
    ];
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    const meant = typeof given === 'string' ? nearest(given, allowed) : undefined;
    const hint = meant === undefined ? '' : ` Did you mean \`${meant}\`?`;
    return [problem(at, `\`${name}\` must be ${oneOf(allowed)}, not ${shown(given)}.${hint}`)];
  }
  if (issue.code === 'invalid_type') {
    return [problem(at, `\`${name}\` must be ${article(issue.expected)}, not ${shown(given)}.`)];
  }
  return [
    problem(
      at,
      `\`${name}\`: ${issue.message.replace(/^(Too (?:small|big)): /, '$1: ')} (it is ${shown(given)}).`,
    ),
  ];
}

function unknownKey(path: PropertyKey[], key: string, schema: JsonSchema): ConfigProblem {
  const known = Object.keys(schemaAt(schema, path)?.properties ?? {});
  const meant = nearest(key, known);
  const at = pointerOf([...path, key]);
  if (meant !== undefined) return problem(at, `\`${key}\` is not known here. Did you mean \`${meant}\`?`);
  const elsewhere = placeOf(key, schema, []);
  if (elsewhere !== undefined) {
    const section = elsewhere.length === 0 ? 'the top level of the file' : `\`${elsewhere.join('.')}\``;
    return problem(at, `\`${key}\` is not known here; it belongs in ${section}.`);
  }
  return problem(
    at,
    `\`${key}\` is not known here. Known: ${known.filter((one) => one !== '$schema').join(', ')}.`,
  );
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
