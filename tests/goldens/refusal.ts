import { MlError } from '../../ml/errors';
import { StudioError } from '../../protocol/wire/errors';

export interface Refusal {
  readonly kind: string;
  readonly message: string;
}

/** An error in one line. */
export function refusalOf(error: unknown): Refusal {
  const kind = error instanceof MlError ? error.code : error instanceof StudioError ? error.kind : 'internal';
  const message = error instanceof Error ? error.message : String(error);
  return { kind, message: message.replace(/\s*\n\s*/g, ' ').slice(0, 500) };
}

/** Where a case lists files that must be refused: names, objects with a `file`, or one entry for each name. */
const lists = ['errors', 'hostile', 'files_to_refuse'];

/** The kind of error that a case expects of a file; `any` where it does not say which, undefined where none. */
export function expectedRefusal(
  expected: Readonly<Record<string, unknown>>,
  file: string,
): string | undefined {
  for (const list of lists.map((name) => expected[name])) {
    const entries: [unknown, unknown][] = Array.isArray(list)
      ? list.map((one: unknown) => [typeof one === 'string' ? one : field(one, 'file'), one])
      : Object.entries(typeof list === 'object' && list !== null ? list : {});
    const found = entries.find(([name]) => name === file);
    if (found === undefined) continue;
    const [, entry] = found;
    const kind = field(entry, 'kind') ?? entry;
    return typeof kind === 'string' && kind.startsWith('model.') ? kind : 'any';
  }
  return undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
