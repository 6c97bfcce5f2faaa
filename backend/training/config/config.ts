/** From a file or a value to a config that may run, or to problems at JSON pointers. */
import path from 'node:path';
import type { ConfigSource } from '../../../protocol/api/training';
import type { ConfigProblem } from '../../../protocol/model/run';
import type { EngineChoice } from '../../../protocol/model/settings';
import type { OptimizerOptions, TrainingOptions } from '../../sdk/options';
import { listed, say, sentences } from '../../language/say';
import { problem, type TrainingTask } from '../../sdk/trainingTask';
import { readConfigFile } from './jsonFile';
import { nearest } from '../../sdk/nearest';
import { checkOutput, folderName } from './output';
import { checkDataPath, pathFields, type PathRules } from './paths';
import { problemsOf } from './problems';
import { chosenFixes } from './schemaFixes';
import { checkSizes } from './sizes';
import { commonConfig, configSchema, jsonSchemaOf } from './schema';

/** A config that passed: what the run is made of. */
export interface ResolvedConfig {
  readonly task: string;
  readonly name: string;
  readonly engine: EngineChoice | undefined;
  readonly priority: number | undefined;
  readonly data: Record<string, unknown>;
  readonly model: Record<string, unknown>;
  readonly training: TrainingOptions;
  /** As it was written; what rows, output folders and resumed runs keep. */
  readonly source: Record<string, unknown>;
  readonly configPath: string | undefined;
  /** Absolute folder that relative paths start from. */
  readonly basePath: string;
  readonly outputPath: string;
  /** Absolute paths of the data, for the run's record. */
  readonly dataPaths: readonly string[];
}

export interface ConfigContext {
  readonly tasks: ReadonlyMap<string, TrainingTask>;
  /** Without one, the config's own folder is the border. */
  readonly workspacePath: string | undefined;
}

export interface CheckedConfig {
  /** Present exactly when no problem is an error. */
  readonly config?: ResolvedConfig;
  readonly problems: ConfigProblem[];
  /** The config is right in itself, but names data that is not there. */
  readonly dataOnly?: boolean;
  /** The task that it names and nobody knows. */
  readonly unknownTask?: string;
}

export async function checkConfig(source: ConfigSource, context: ConfigContext): Promise<CheckedConfig> {
  if ('config' in source)
    return checkValue(source.config, { basePath: path.resolve(source.basePath) }, context);
  const configPath = path.resolve(source.configPath);
  const { value, problems } = await readConfigFile(configPath);
  if (value === undefined) return { problems };
  const checked = await checkValue(value, { basePath: path.dirname(configPath), configPath }, context);
  if (problems.length === 0) return checked;
  // What follows a syntax error was read by guessing: its problems are shown, but nothing runs on it.
  const { unknownTask: wanted } = checked;
  return {
    problems: [...problems, ...checked.problems],
    ...(wanted === undefined ? {} : { unknownTask: wanted }),
  };
}

interface Origin {
  readonly basePath: string;
  readonly configPath?: string;
}

async function checkValue(
  value: Record<string, unknown>,
  origin: Origin,
  context: ConfigContext,
): Promise<CheckedConfig> {
  const id = value['task'];
  const task = typeof id === 'string' ? context.tasks.get(id) : undefined;
  if (typeof id !== 'string' || task === undefined) {
    const problems = unknownTask(value, [...context.tasks.keys()]);
    return { problems, ...(typeof id === 'string' ? { unknownTask: id } : {}) };
  }
  const schema = configSchema(id, task);
  const json = jsonSchemaOf(schema);
  const parsed = schema.safeParse(value);
  const rules: PathRules = {
    basePath: origin.basePath,
    workspacePath: context.workspacePath ?? origin.basePath,
  };
  const fields = pathFields(json.properties?.['data'], value['data'], ['data']);
  const pathProblems = (await Promise.all(fields.map((field) => checkDataPath(field, rules)))).flat();
  if (!parsed.success) return { problems: [...problemsOf(parsed.error, value, json), ...pathProblems] };

  const { name, output, engine, priority, data, model, training } = parsed.data;
  const runName = name ?? nameOf(origin.configPath) ?? id;
  const given = output ?? path.join('models', 'trained', folderName(runName));
  const outputPath = path.resolve(output === undefined ? rules.workspacePath : origin.basePath, given);
  const dataPaths = fields.map((field) => path.resolve(origin.basePath, field.value));
  const problems = [
    ...pathProblems,
    ...(await checkOutput({ given, absolute: outputPath }, dataPaths, rules)),
    ...checkTraining(training),
    ...checkClassWeights(task, training),
    ...checkSizes(training),
  ];
  if (problems.some((one) => one.severity === 'error')) {
    return { problems, dataOnly: problems.length === pathProblems.length };
  }
  const config: ResolvedConfig = {
    task: id,
    name: runName,
    engine,
    priority,
    data,
    model,
    training,
    source: value,
    configPath: origin.configPath,
    basePath: origin.basePath,
    outputPath,
    dataPaths,
  };
  return { config, problems };
}

function unknownTask(value: Record<string, unknown>, known: readonly string[]): ConfigProblem[] {
  const id = value['task'];
  const list = known.length === 0 ? say`No task is installed.` : say`Known: ${listed(known)}.`;
  const meant = typeof id === 'string' ? nearest(id, known) : undefined;
  const first =
    id === undefined
      ? sentences(say`\`task\` is missing: it says what to train.`, list)
      : sentences(
          say`There is no task ${JSON.stringify(id)}.`,
          meant === undefined ? list : say`Did you mean \`${meant}\`?`,
        );
  const rest = commonConfig.safeParse({ ...value, task: 'any' });
  const json = jsonSchemaOf(commonConfig);
  const code = id === undefined ? 'schema.missing' : 'schema.value';
  const help = { code, fixes: chosenFixes('/task', meant, known) };
  return [problem('/task', first, help), ...(rest.success ? [] : problemsOf(rest.error, value, json))];
}

/** `digits.train.json` → `digits`. */
function nameOf(configPath: string | undefined): string | undefined {
  if (configPath === undefined) return undefined;
  const stem = path.basename(configPath).replace(/(\.train)?\.jsonc?$/i, '');
  return stem === '' ? undefined : stem;
}

/** Which optimizers know a figure. */
const fieldTypes: Readonly<
  Record<'momentum' | 'beta1' | 'beta2' | 'rho' | 'epsilon', readonly OptimizerOptions['type'][]>
> = {
  momentum: ['momentum', 'sgd', 'rmsprop'],
  beta1: ['adam', 'adamw'],
  beta2: ['adam', 'adamw'],
  rho: ['rmsprop', 'adadelta'],
  epsilon: ['adam', 'adamw', 'rmsprop', 'adagrad', 'adadelta'],
};

/** `training.classWeights` where nothing is classified. */
function checkClassWeights(task: TrainingTask, { classWeights }: TrainingOptions): ConfigProblem[] {
  if (classWeights === undefined || task.usesClassWeights === true) return [];
  const path = '/training/classWeights';
  const message = say`\`classWeights\` has no meaning here; it is for tasks that tell labels apart.`;
  return [problem(path, message, { code: 'training.meaningless', fixes: [{ kind: 'remove', path }] })];
}

/** Options that contradict each other. */
export function checkTraining(training: TrainingOptions): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const { optimizer, schedule } = training;
  const only = (section: string, field: string, given: unknown, fits: boolean, whom: string): void => {
    if (given !== undefined && !fits) {
      problems.push(
        problem(`/training/${section}/${field}`, say`\`${field}\` has no meaning here; it is for ${whom}.`, {
          code: 'training.meaningless',
          fixes: [{ kind: 'remove', path: `/training/${section}/${field}` }],
        }),
      );
    }
  };
  const rules = [
    { at: 'optimizer', rule: optimizer, type: optimizer.type },
    ...(optimizer.groups ?? []).map((rule, i) => ({
      at: `optimizer/groups/${i}`,
      rule,
      type: rule.type ?? optimizer.type,
    })),
  ];
  for (const { at, rule, type } of rules) {
    for (const [field, types] of Object.entries(fieldTypes)) {
      const whom = listed(types.map((one) => `\`${one}\``));
      only(at, field, rule[field as keyof typeof fieldTypes], types.includes(type), whom);
    }
  }
  const [step, cosine] = [say`the \`step\` schedule`, say`the \`cosine\` schedule`];
  only('schedule', 'everyEpochs', schedule.everyEpochs, schedule.type === 'step', step);
  only('schedule', 'factor', schedule.factor, schedule.type === 'step', step);
  only('schedule', 'finalFactor', schedule.finalFactor, schedule.type === 'cosine', cosine);
  return problems;
}
