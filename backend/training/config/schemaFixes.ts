/** Values that would satisfy a schema where the config's does not. Pure. */
import type { ConfigFix } from '../../../protocol/model/configFix';
import type { JsonSchema } from './schema';

type Json = Extract<ConfigFix, { kind: 'set' }>['value'];

const offered = 8;

const set = (path: string, value: Json): ConfigFix => ({ kind: 'set', path, value });

/** Of a list of allowed values, the one that was meant first. */
export function chosenFixes(at: string, meant: string | undefined, allowed: readonly unknown[]): ConfigFix[] {
  const others = allowed.filter((value) => value !== meant).slice(0, offered);
  return [...(meant === undefined ? [] : [meant]), ...others].flatMap((value) =>
    isJson(value) ? [set(at, value)] : [],
  );
}

/** The default, the only value that there may be, or an empty one to fill in. */
export function fixesOfMissing(at: string, schema: JsonSchema | undefined): ConfigFix[] {
  const value = schema === undefined ? undefined : emptyValue(schema);
  return value === undefined ? [] : [set(at, value)];
}

function emptyValue(schema: JsonSchema): Json | undefined {
  for (const known of [schema['default'], schema['const'], schema.enum?.[0]]) if (isJson(known)) return known;
  switch (schema['type']) {
    case 'string':
      return '';
    case 'array':
      return [];
    case 'boolean':
      return false;
    case 'number':
    case 'integer':
      return isNumber(schema['minimum']) ? schema['minimum'] : 1;
    case 'object':
      return requiredOf(schema);
    default:
      return undefined;
  }
}

function requiredOf(schema: JsonSchema): Record<string, Json> {
  const names = (schema['required'] as readonly string[] | undefined) ?? [];
  const entries = names.flatMap((name): [string, Json][] => {
    const child = schema.properties?.[name];
    const value = child === undefined ? undefined : emptyValue(child);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(entries);
}

/** The same in the right type: `"30"` → 30, `3` → `"3"`, `"a"` → `["a"]`; else the default. */
export function fixesOfType(at: string, given: unknown, schema: JsonSchema | undefined): ConfigFix[] {
  const converted = convert(given, schema?.['type'], schema);
  const fallback: unknown = schema?.['default'];
  const values = [converted, ...(isJson(fallback) ? [fallback] : [])];
  return values.flatMap((value) => (value === undefined ? [] : [set(at, value)]));
}

function convert(given: unknown, type: unknown, schema: JsonSchema | undefined): Json | undefined {
  if (type === 'integer' && typeof given === 'number') return Math.round(given);
  if ((type === 'number' || type === 'integer') && typeof given === 'string' && given.trim() !== '') {
    const number = Number(given);
    if (!Number.isFinite(number)) return undefined;
    return type === 'integer' ? Math.round(number) : number;
  }
  if (type === 'boolean' && (given === 'true' || given === 'false')) return given === 'true';
  if (type === 'string' && (typeof given === 'number' || typeof given === 'boolean')) return String(given);
  const items = schema?.['items'] as JsonSchema | undefined;
  if (type === 'array' && isJson(given) && typeof given === items?.['type']) return [given];
  return undefined;
}

/** A number beyond its bounds back to the nearer of them. */
export function boundFixes(at: string, given: unknown, schema: JsonSchema | undefined): ConfigFix[] {
  if (!isNumber(given) || schema === undefined) return [];
  const { minimum, maximum } = schema;
  if (isNumber(minimum) && given < minimum) return [set(at, minimum)];
  if (isNumber(maximum) && given > maximum) return [set(at, maximum)];
  const fallback = schema['default'];
  return isNumber(fallback) && fallback !== given ? [set(at, fallback)] : [];
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

function isJson(value: unknown): value is Json {
  if (value === null) return false;
  return (
    ['string', 'boolean', 'number'].includes(typeof value) ||
    Array.isArray(value) ||
    typeof value === 'object'
  );
}
