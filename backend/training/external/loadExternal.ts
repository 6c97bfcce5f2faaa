/** Makes a plugin file from outside a task of the backend's, without running any of its code in the backend's own thread. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { PluginInfo, PluginSource } from '../../../protocol/model/plugin';
import type { TrainingTask } from '../../sdk/trainingTask';
import { ask } from './ask';
import { described, inspected, type Described } from './messages';

export interface ExternalOptions {
  readonly workerEntry: string;
  /** Longest that loading may take, in milliseconds. */
  readonly timeoutMs: number;
}

export interface ExternalPlugin {
  readonly info: PluginInfo;
  readonly plugin?: { readonly id: string; readonly task: TrainingTask; readonly entry: string };
}

/** Longest that looking at the data may take, in milliseconds; whoever asks may give up earlier. */
const inspectTimeout = 30_000;
const largestSchema = 256 * 1024;

export async function loadExternal(source: PluginSource, options: ExternalOptions): Promise<ExternalPlugin> {
  const { path: file, extensionId } = source;
  const base = {
    kind: 'training-task' as const,
    path: file,
    ...(extensionId === undefined ? {} : { extensionId }),
  };
  try {
    await requireModule(file);
    const found = described.parse(await ask({ kind: 'describe', file }, options));
    if (JSON.stringify(found).length > largestSchema) throw new Error('its schema is larger than 256 KB');
    const task = taskBehind(found, file, options);
    const { id, title } = found;
    return { info: { ...base, id, title, loaded: true }, plugin: { id, task, entry: file } };
  } catch (error) {
    const id = path.basename(file, path.extname(file));
    const message = error instanceof Error ? error.message : String(error);
    return { info: { ...base, id, title: id, loaded: false, error: message } };
  }
}

async function requireModule(file: string): Promise<void> {
  if (!path.isAbsolute(file)) throw new Error(`${file} is not an absolute path`);
  if (!/\.(mjs|cjs|js)$/.test(file)) throw new Error(`${file} is not a JavaScript module (.mjs, .cjs, .js)`);
  const info = await stat(file).catch(() => undefined);
  if (info?.isFile() !== true) throw new Error(`the file ${file} is not there`);
}

function taskBehind(found: Described, file: string, { workerEntry }: ExternalOptions): TrainingTask {
  return {
    title: found.title,
    description: found.description,
    usesClassWeights: found.usesClassWeights,
    data: sectionOf(found.data),
    model: sectionOf(found.model),
    inspect: async ({ data, model, training, resolve, signal }) => {
      const question = { kind: 'inspect' as const, file, basePath: resolve('.'), data, model, training };
      const answer = await ask(question, { workerEntry, timeoutMs: inspectTimeout, signal });
      return inspected.parse(answer).problems;
    },
    load: () => Promise.reject(new Error('a plugin from outside trains in its own process only')),
  };
}

/**
 * A section by its JSON Schema, which editors get as the plugin wrote it. Values pass as they are: the plugin's own
 * schema fills in the defaults where its code runs.
 */
function sectionOf(schema: Readonly<Record<string, unknown>>): z.ZodObject {
  const json = { ...schema };
  delete json['$schema'];
  const checked = z.fromJSONSchema(json);
  return z
    .looseObject({})
    .check((context) => {
      const parsed = checked.safeParse(context.value);
      for (const issue of parsed.error?.issues ?? [])
        context.issues.push({ ...issue, input: context.value } as (typeof context.issues)[number]);
    })
    .meta(json);
}
