/** Writes docs/protocol.md's tables from the specs themselves. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { NotificationSpec, RequestSpec } from '../protocol/wire/spec';
import { errorCodes } from '../protocol/wire/errors';
import { topicItems } from '../protocol/api/topics';
import { curatedModel } from '../protocol/api/hub';
import { failure } from '../protocol/model/common';
import { dataset, datasetProblem } from '../protocol/model/dataset';
import { download } from '../protocol/model/download';
import { hubModel } from '../protocol/model/hubModel';
import { model } from '../protocol/model/model';
import { engine, pluginInfo } from '../protocol/model/plugin';
import { checkpoint, configProblem, metricPoint, run, samplePrediction } from '../protocol/model/run';
import { settings } from '../protocol/model/settings';

type Spec = RequestSpec | NotificationSpec;
interface JsonSchema {
  $schema?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  format?: string;
  additionalProperties?: JsonSchema | boolean;
}

/** Shown by name in the tables, and once in full. */
const entities: Record<string, z.ZodType> = {
  Checkpoint: checkpoint,
  ConfigProblem: configProblem,
  CuratedModel: curatedModel,
  Dataset: dataset,
  DatasetProblem: datasetProblem,
  Download: download,
  Engine: engine,
  Failure: failure,
  HubModel: hubModel,
  MetricPoint: metricPoint,
  Model: model,
  PluginInfo: pluginInfo,
  Run: run,
  SamplePrediction: samplePrediction,
  Settings: settings,
};

const folder = path.resolve(import.meta.dirname, '../protocol/api');

/** Everything that protocol/api exports, by its name. */
export async function apiExports(): Promise<[name: string, value: unknown][]> {
  const modules = await Promise.all(
    readdirSync(folder).map((file) => import(pathToFileURL(path.join(folder, file)).href) as Promise<object>),
  );
  return modules.flatMap((module) => Object.entries(module));
}

function isSpec(value: unknown): value is Spec {
  return typeof value === 'object' && value !== null && 'method' in value && 'params' in value;
}

/** Every request and notification that protocol/api exports for the backend (panel/* is the webviews' own). */
export async function backendSpecs(): Promise<Spec[]> {
  return (await apiExports())
    .map(([, value]) => value)
    .filter(isSpec)
    .filter((spec) => !spec.method.startsWith('panel/'))
    .sort((a, b) => (a.method < b.method ? -1 : 1));
}

const json = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' }) as JsonSchema;

const names = new Map<string, string>();
for (const [name, schema] of Object.entries(entities)) {
  for (const io of ['input', 'output'] as const) names.set(shape(json(schema, io)), name);
}

/** What makes two schemas the same type. */
function shape(schema: JsonSchema): string {
  return JSON.stringify({ ...schema, $schema: undefined });
}

/** A schema in TypeScript-like notation, short enough for a table cell. */
export function notation(schema: JsonSchema | boolean | undefined): string {
  if (schema === undefined || typeof schema === 'boolean') return 'unknown';
  const name = names.get(shape(schema));
  if (name !== undefined) return name;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return alternatives.map(notation).join(' | ');
  if (Array.isArray(schema.type)) return schema.type.join(' | ');
  if (schema.type === 'object') return objectNotation(schema);
  if (schema.type === 'array') {
    const item = notation(schema.items);
    return item.includes(' | ') ? `(${item})[]` : `${item}[]`;
  }
  if (schema.type !== 'string') return schema.type ?? 'unknown';
  return schema.format === 'uuid' ? 'UUID' : schema.format === 'date-time' ? 'time' : 'string';
}

function objectNotation(schema: JsonSchema): string {
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, field]) => `${name}${required.has(name) ? '' : '?'}: ${notation(field)}`,
  );
  if (fields.length > 0) return `{ ${fields.join(', ')} }`;
  return typeof schema.additionalProperties === 'object'
    ? `Record<string, ${notation(schema.additionalProperties)}>`
    : '{}';
}

const cell = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

/** The generated part of docs/protocol.md. */
export async function protocolReference(): Promise<string> {
  const rows = (await backendSpecs()).map((spec) => {
    const result = 'result' in spec ? cell(notation(json(spec.result, 'output'))) : '(notification)';
    return `| \`${spec.method}\` | ${cell(notation(json(spec.params, 'input')))} | ${result} |`;
  });
  const topics = Object.entries(topicItems).map(
    ([name, item]) => `| \`${name}\` | ${cell(notation(json(item, 'output')))} |`,
  );
  const types = Object.entries(entities).map(
    ([name, schema]) => `| \`${name}\` | ${cell(objectNotation(json(schema, 'output')))} |`,
  );
  const errors = Object.entries(errorCodes).map(([kind, code]) => `| \`${kind}\` | ${code} |`);
  return [
    '### Methods',
    '| method | params | result |',
    '|---|---|---|',
    ...rows,
    '',
    '### Types',
    '| type | fields |',
    '|---|---|',
    ...types,
    '',
    '### Topics',
    '| topic | item |',
    '|---|---|',
    ...topics,
    '',
    '### Error kinds',
    '| kind | code |',
    '|---|---|',
    ...errors,
    '',
  ].join('\n');
}
