/** A config as the text of a file: sections on lines of their own, small objects on one, comments above fields. Pure. */

/** By the dotted place of a field, `training.epochs`; the empty one stands above all. */
export type Comments = Readonly<Record<string, string>>;

const lineLength = 90;

export function commentedJson(config: Readonly<Record<string, unknown>>, comments: Comments): string {
  const above = comments[''];
  const fields = section(Object.entries(config), '', '  ', comments);
  return ['{', ...(above === undefined ? [] : [`  // ${above}`]), ...fields, '}', ''].join('\n');
}

function field(name: string, value: unknown, place: string, indent: string, comments: Comments): string[] {
  const comment = comments[place];
  const above = comment === undefined ? [] : [`${indent}// ${comment}`];
  const key = `${indent}${JSON.stringify(name)}: `;
  const line = `${key}${inline(value)}`;
  const inner = isObject(value) ? Object.entries(value) : [];
  const explained = Object.keys(comments).some((one) => one.startsWith(`${place}.`));
  if (inner.length === 0 || (!explained && line.length <= lineLength)) return [...above, line];
  return [...above, `${key}{`, ...section(inner, `${place}.`, `${indent}  `, comments), `${indent}}`];
}

/** Fields with commas between them. */
function section(
  fields: readonly (readonly [string, unknown])[],
  prefix: string,
  indent: string,
  comments: Comments,
): string[] {
  return fields.flatMap(([name, value], i) => {
    const lines = field(name, value, prefix + name, indent, comments);
    return i === fields.length - 1 ? lines : [...lines.slice(0, -1), `${lines.at(-1) ?? ''},`];
  });
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${inline(one)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
