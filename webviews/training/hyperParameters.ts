/** The configs of runs side by side. */
import type { Run } from '../../protocol/model/run';

export interface ParameterRow {
  /** Keys joined by dots: `training.optimizer.learningRate`. */
  readonly name: string;
  /** One for each run, in their order; undefined where the config leaves it to its default. */
  readonly values: readonly (string | undefined)[];
  readonly differs: boolean;
}

/** Every value of the runs' configs, in the order in which the configs name them. */
export function parameterRows(runs: readonly Pick<Run, 'config'>[]): ParameterRow[] {
  const flat = runs.map(({ config }) => flatten(config));
  const names = [...new Set(flat.flatMap((values) => [...values.keys()]))];
  return names.map((name) => {
    const values = flat.map((each) => each.get(name));
    return { name, values, differs: new Set(values).size > 1 };
  });
}

function flatten(config: Readonly<Record<string, unknown>>, prefix = ''): Map<string, string> {
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(config)) {
    const name = `${prefix}${key}`;
    if (name === '$schema') continue;
    if (isRecord(value)) for (const [inner, text] of flatten(value, `${name}.`)) values.set(inner, text);
    else values.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return values;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
