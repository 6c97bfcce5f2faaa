/** The thread that a plugin from outside is described and inspected in: whatever it does there, the backend lives on. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { z } from 'zod';
import { useLanguage } from '../../language/say';
import { trainingOptions } from '../../sdk/options';
import { problem } from '../../sdk/trainingTask';
import type { ConfigProblem } from '../../../protocol/model/run';
import { jsonSchemaOf } from '../config/schema';
import type { Asked, Described, Question } from './messages';
import { externalTaskOf, type ExternalTask } from './pluginModule';

async function answer(question: Asked): Promise<unknown> {
  await useLanguage(question.locale);
  const external = await externalTaskOf(await import(pathToFileURL(question.file).href));
  return question.kind === 'describe' ? describe(external) : { problems: await inspect(external, question) };
}

function describe({ id, task }: ExternalTask): Described {
  const { title, description, usesClassWeights = false } = task;
  const [data, model] = [jsonSchemaOf(task.data), jsonSchemaOf(task.model)];
  return { id, title, description, usesClassWeights, data: { ...data }, model: { ...model } };
}

/** The sections are parsed again: what a schema's own functions refine is not in its JSON form. */
async function inspect(
  { task }: ExternalTask,
  { data, model, training, basePath }: Extract<Question, { kind: 'inspect' }>,
): Promise<readonly ConfigProblem[]> {
  const sections = { data: task.data.safeParse(data), model: task.model.safeParse(model ?? {}) };
  const faults = Object.entries(sections).flatMap(([name, parsed]) => problemsOf(name, parsed));
  if (!sections.data.success || !sections.model.success) return faults;
  return task.inspect({
    data: sections.data.data,
    model: sections.model.data,
    training: trainingOptions.parse(training),
    resolve: (relative) => path.resolve(basePath, relative),
    signal: new AbortController().signal,
  });
}

function problemsOf(section: string, parsed: z.ZodSafeParseResult<unknown>): ConfigProblem[] {
  const issues = parsed.success ? [] : parsed.error.issues;
  return issues.map((issue) => problem(`/${[section, ...issue.path.map(String)].join('/')}`, issue.message));
}

const reply = (message: unknown): void => parentPort?.postMessage(message);

answer(workerData as Asked).then(
  (value) => reply({ ok: true, value }),
  (error: unknown) => reply({ ok: false, message: error instanceof Error ? error.message : String(error) }),
);
