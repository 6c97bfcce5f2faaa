/** A field of a config in words, as Markdown for hover and completion. Pure. */
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { t } from '../text/translate';
import type { Schema } from './schema';

export function describeField(name: string, schemas: readonly Schema[]): string {
  const described = schemas.find((schema) => schema.description !== undefined);
  return [
    `**${name}**`,
    ...(described?.description === undefined ? [] : [described.description]),
    factsOf(schemas, defaults(schemas)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Type, bounds and choices: `whole number · at least 1`. */
function factsOf(schemas: readonly Schema[], more: readonly string[]): string {
  const facts = [typeWords(schemas), ...limits(schemas), ...more, ...values(schemas)];
  return facts.filter((fact) => fact !== '').join(' · ');
}

export function describeTask(task: TrainingTaskInfo, words: (english: string) => string): string {
  return `**${words(task.title)}** \`${task.id}\`\n\n${words(task.description)}`;
}

function typeWords(schemas: readonly Schema[]): string {
  const types = schemas.flatMap(({ type }) =>
    type === undefined ? [] : typeof type === 'string' ? [type] : type,
  );
  return [...new Set(types)].map(typeWord).join(t(' or '));
}

function typeWord(type: string): string {
  switch (type) {
    case 'integer':
      return t('whole number');
    case 'number':
      return t('number');
    case 'string':
      return t('text');
    case 'boolean':
      return t('true or false');
    case 'object':
      return t('object');
    case 'array':
      return t('list');
    default:
      return type;
  }
}

/** Bounds that are there only because JavaScript's numbers end say nothing to a person. */
const meaningless: ReadonlySet<unknown> = new Set([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]);
export const isMeaningless = (value: unknown): boolean => meaningless.has(value);

function limits(schemas: readonly Schema[]): string[] {
  const found = (key: 'minimum' | 'maximum' | 'exclusiveMinimum' | 'exclusiveMaximum'): number | undefined =>
    schemas.map((schema) => schema[key]).find((value) => value !== undefined && !meaningless.has(value));
  const parts: string[] = [];
  const minimum = found('minimum');
  const above = found('exclusiveMinimum');
  const maximum = found('maximum');
  const below = found('exclusiveMaximum');
  if (minimum !== undefined) parts.push(t('at least {0}', String(minimum)));
  if (above !== undefined) parts.push(t('more than {0}', String(above)));
  if (maximum !== undefined) parts.push(t('at most {0}', String(maximum)));
  if (below !== undefined) parts.push(t('less than {0}', String(below)));
  return parts;
}

function defaults(schemas: readonly Schema[]): string[] {
  const withDefault = schemas.find((schema) => isSimple(schema.default));
  return withDefault === undefined ? [] : [t('default {0}', code(withDefault.default))];
}

function values(schemas: readonly Schema[]): string[] {
  const all = new Set(schemas.flatMap((schema) => (schema.enum ?? []).map(code)));
  return all.size === 0 ? [] : [t('one of {0}', [...all].join(', '))];
}

export function isSimple(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}
