/** Everything that is checked before a run exists: the config, then the data through the task's own `inspect`. */
import path from 'node:path';
import type { ConfigSource } from '../../protocol/api/training';
import type { ConfigProblem } from '../../protocol/model/run';
import type { ErrorKind } from '../../protocol/wire/errors';
import { say } from '../language/say';
import { problem, type TrainingTask } from '../sdk/trainingTask';
import { checkConfig, type ConfigContext, type ResolvedConfig } from './config/config';

/** Longest a task may look at its data, in milliseconds. */
const inspectTimeout = 30_000;

export interface Inspection {
  readonly config: ResolvedConfig | undefined;
  readonly problems: ConfigProblem[];
  /** What a start must fail with. */
  readonly kind: Extract<ErrorKind, 'training.invalidConfig' | 'training.invalidData'>;
  /** The task that the config names and nobody knows. */
  readonly unknownTask?: string | undefined;
}

export async function inspectConfig(
  source: ConfigSource,
  context: ConfigContext,
  timeoutMs = inspectTimeout,
): Promise<Inspection> {
  const checked = await checkConfig(source, context);
  const { config } = checked;
  if (config === undefined) {
    const kind = checked.dataOnly === true ? 'training.invalidData' : 'training.invalidConfig';
    return { config, problems: checked.problems, kind, unknownTask: checked.unknownTask };
  }
  const task = context.tasks.get(config.task);
  const found = task === undefined ? [] : await inspectData(task, config, timeoutMs);
  const problems = [...checked.problems, ...found];
  const bad = problems.some((one) => one.severity === 'error');
  return { config: bad ? undefined : config, problems, kind: 'training.invalidData' };
}

async function inspectData(
  task: TrainingTask,
  config: ResolvedConfig,
  timeoutMs: number,
): Promise<ConfigProblem[]> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ConfigProblem[]>((resolve) => {
    timer = setTimeout(() => {
      abort.abort(new Error('took too long'));
      const message = say`The task ${config.task} did not finish its look at the data within ${timeoutMs / 1000} s. If it comes from a plugin, its \`inspect\` may hang: disable the plugin, or tell its author. Otherwise use less data, or a faster disk.`;
      resolve([problem('/data', message)]);
    }, timeoutMs);
  });
  const work = (async () => {
    try {
      return await task.inspect({
        data: config.data,
        model: config.model,
        training: config.training,
        resolve: (relative) => path.resolve(config.basePath, relative),
        signal: abort.signal,
      });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return [problem('/task', say`The task ${config.task} failed while it looked at the data: ${text}`)];
    }
  })();
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
