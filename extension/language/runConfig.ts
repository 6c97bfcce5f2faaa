/** A run's config as text again, and a copy of it under names that are free. Pure. */
import { applyEdits, getNodeValue, modify, parseTree } from 'jsonc-parser';
import { trainingConfigSuffix } from '../contributions';

type Config = Readonly<Record<string, unknown>>;

/** The order that people write them in; the database keeps none. */
const order = ['$schema', 'task', 'name', 'data', 'model', 'training', 'engine', 'priority', 'output'];
const formattingOptions = { insertSpaces: true, tabSize: 2 };

export function configText(config: Config): string {
  const known = order.filter((name) => name in config);
  const others = Object.keys(config).filter((name) => !order.includes(name));
  const sorted = Object.fromEntries([...known, ...others].map((name) => [name, config[name]]));
  return `${JSON.stringify(sorted, undefined, 2)}\n`;
}

/** `iris` → `iris-2`, `iris-2` → `iris-3`, on to the first that is not taken. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  const [, stem = name, number = '1'] = /^(.*?)-(\d{1,4})$/.exec(name) ?? [];
  for (let next = Number(number) + 1; ; next += 1) {
    const candidate = `${stem}-${next}`;
    if (!isTaken(candidate)) return candidate;
  }
}

export interface CopyInputs {
  readonly config: Config;
  /** The file that the run was started from, as it is now: kept with its comments while it says the same. */
  readonly text: string | undefined;
  /** Of the run, when the config gives none. */
  readonly name: string;
  readonly isNameTaken: (name: string) => boolean;
  readonly isOutputTaken: (output: string) => boolean;
}

/** The text of a config that differs in its name and its output only. */
export function copyOfConfig({ config, text, name, isNameTaken, isOutputTaken }: CopyInputs): string {
  const given = config['name'];
  const output = config['output'];
  const base = text !== undefined && isSame(text, config) ? text : configText(config);
  const edits: [string, unknown][] = [
    ['name', freeName(typeof given === 'string' ? given : name, isNameTaken)],
  ];
  // Without one, the output follows the name.
  if (typeof output === 'string') {
    edits.push(['output', freeName(output.replace(/\/+$/, ''), isOutputTaken)]);
  }
  return edits.reduce(
    (current, [key, value]) => applyEdits(current, modify(current, [key], value, { formattingOptions })),
    base,
  );
}

/** `data/iris.train.json` → `data/iris`. */
export function configStem(file: string): string {
  return file.endsWith(trainingConfigSuffix) ? file.slice(0, -trainingConfigSuffix.length) : file;
}

function isSame(text: string, config: Config): boolean {
  const tree = parseTree(text, [], { allowTrailingComma: true });
  if (tree === undefined) return false;
  const value: unknown = getNodeValue(tree);
  return canonical(value) === canonical(config);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
