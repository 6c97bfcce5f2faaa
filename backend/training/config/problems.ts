/** Zod's findings as problems a person can act on: what, where, and the nearest thing that would be right. */
import type { z } from 'zod';
import type { ConfigFix } from '../../../protocol/model/configFix';
import type { ConfigProblem } from '../../../protocol/model/run';
import { nearest } from '../../sdk/nearest';
import { listed, say, sentences } from '../../language/say';
import { problem } from '../../sdk/trainingTask';
import { boundWords } from './boundWords';
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
  const name = String(issue.path.at(-1) ?? say`The file`);
  const given = valueAt(value, issue.path);
  const here = schemaAt(schema, issue.path);
  if (given === undefined && issue.path.length > 0) {
    const about = here?.description === undefined ? '' : sentence(here.description);
    const fixes = fixesOfMissing(at, here);
    return [problem(at, sentences(say`\`${name}\` is missing.`, about), { code: 'schema.missing', fixes })];
  }
  if (issue.code === 'invalid_value') {
    const allowed = issue.values.map(String);
    const meant = typeof given === 'string' ? nearest(given, allowed) : undefined;
    const hint = meant === undefined ? '' : say`Did you mean \`${meant}\`?`;
    const message = say`\`${name}\` must be ${oneOf(allowed)}, not ${shown(given)}.`;
    return [
      problem(at, sentences(message, hint), {
        code: 'schema.value',
        fixes: chosenFixes(at, meant, issue.values),
      }),
    ];
  }
  if (issue.code === 'invalid_type') {
    const message = say`\`${name}\` must be ${article(issue.expected)}, not ${shown(given)}.`;
    return [problem(at, message, { code: 'schema.type', fixes: fixesOfType(at, given, here) })];
  }
  const message = say`\`${name}\`: ${boundWords(issue)} (it is ${shown(given)}).`;
  return [problem(at, message, { code: 'schema.range', fixes: boundFixes(at, given, here) })];
}

function unknownKey(path: PropertyKey[], key: string, value: unknown, schema: JsonSchema): ConfigProblem {
  const known = Object.keys(schemaAt(schema, path)?.properties ?? {}).filter((one) => one !== '$schema');
  const at = pointerOf([...path, key]);
  const isFree = (to: readonly PropertyKey[]): boolean => valueAt(value, to) === undefined;
  const move = (to: readonly PropertyKey[]): ConfigFix[] =>
    isFree(to) ? [{ kind: 'move', path: at, to: pointerOf(to) }] : [];
  const unknown = (message: string, fixes: readonly ConfigFix[]): ConfigProblem =>
    problem(at, message, { code: 'schema.unknown', fixes: [...fixes, { kind: 'remove', path: at }] });
  const meant = nearest(key, known);
  if (meant !== undefined) {
    const message = say`\`${key}\` is not known here. Did you mean \`${meant}\`?`;
    return unknown(message, move([...path, meant]));
  }
  const elsewhere = placeOf(key, schema, []);
  if (elsewhere !== undefined) {
    const section = elsewhere.length === 0 ? say`the top level of the file` : `\`${elsewhere.join('.')}\``;
    const message = say`\`${key}\` is not known here; it belongs in ${section}.`;
    return unknown(message, move([...elsewhere, key]));
  }
  const places = placesOf(schema, []);
  const closest = nearest(
    key,
    places.map(({ name }) => name),
  );
  const place = places.find(({ name }) => name === closest)?.place;
  if (place !== undefined) {
    const message = say`\`${key}\` is not known here. Did you mean \`${place.join('.')}\`?`;
    return unknown(message, move(place));
  }
  return unknown(say`\`${key}\` is not known here. Known: ${listed(known)}.`, []);
}

interface NamedPlace {
  readonly name: string;
  readonly place: readonly string[];
}

/** Every key of the sections, the outer ones first. */
function placesOf(schema: JsonSchema, path: readonly string[]): NamedPlace[] {
  const entries = Object.entries(schema.properties ?? {}).filter(([name]) => name !== '$schema');
  const here = entries.map(([name]) => ({ name, place: [...path, name] }));
  return [...here, ...entries.flatMap(([name, child]) => placesOf(child, [...path, name]))];
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
  return quoted.length === 1 ? (quoted[0] ?? '') : say`one of ${listed(quoted)}`;
}

function article(type: string): string {
  switch (type) {
    case 'int':
      return say`a whole number`;
    case 'number':
      return say`a number`;
    case 'string':
      return say`a text`;
    case 'boolean':
      return say`a boolean`;
    case 'array':
      return say`an array`;
    case 'object':
      return say`an object`;
    case 'record':
      return say`a record`;
    default:
      return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`;
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return say`nothing`;
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
