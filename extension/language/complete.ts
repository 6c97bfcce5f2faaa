/** What may be typed at a place in a training config. Pure. */
import { findNodeAtLocation, getLocation, parseTree, type Location, type Node } from 'jsonc-parser';
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { taskOf } from './configText';
import { choices, describeField, describeTask } from './describe';
import type { Span } from './pointer';
import { hasType, rootSchemas, schemasAt, type Schema } from './schema';

export interface Suggestion {
  readonly label: string;
  readonly kind: 'property' | 'value';
  /** A snippet in VS Code's syntax. */
  readonly insert: string;
  readonly replace: Span;
  readonly detail: string;
  /** Markdown. */
  readonly documentation: string;
  /** Required fields and defaults come first. */
  readonly first: boolean;
}

/** The path of a file or folder goes here: the editor offers what is on disk. */
export interface PathSuggestions {
  readonly kind: 'paths';
  /** What is typed so far, without quotes. */
  readonly typed: string;
  readonly replace: Span;
}

export interface Completions {
  readonly suggestions: readonly Suggestion[];
  readonly paths?: PathSuggestions;
}

export function completionsAt(text: string, offset: number, tasks: readonly TrainingTaskInfo[]): Completions {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const location = getLocation(text, offset);
  const place: Place = { text, offset, root, location, roots: rootSchemas(tasks, taskOf(root)) };
  if (location.isAtPropertyKey) return { suggestions: properties(place) };
  if (location.path.length === 1 && location.path[0] === 'task')
    return { suggestions: taskIds(place, tasks) };
  const schemas = schemasAt(place.roots, location.path);
  const suggestions = values(place, schemas);
  return schemas.some((schema) => schema.format === 'path')
    ? { suggestions, paths: { kind: 'paths', typed: typedText(place), replace: valueSpan(place) } }
    : { suggestions };
}

interface Place {
  readonly text: string;
  readonly offset: number;
  readonly root: Node | undefined;
  readonly location: Location;
  readonly roots: readonly Schema[];
}

function properties(place: Place): Suggestion[] {
  const { location, root, roots } = place;
  const parentPath = location.path.slice(0, -1);
  const parents = schemasAt(roots, parentPath);
  const object = root === undefined ? undefined : findNodeAtLocation(root, parentPath);
  const typed = keyNode(place);
  const present = new Set(
    (object?.children ?? [])
      .map((child) => child.children?.[0])
      .filter((key) => key !== typed && key?.offset !== typed?.offset)
      .map((key) => key?.value as unknown),
  );
  const names = new Set(parents.flatMap((parent) => Object.keys(parent.properties ?? {})));
  return [...names]
    .filter((name) => !present.has(name) && !name.startsWith('$'))
    .map((name) => {
      const schemas = schemasAt(roots, [...parentPath, name]);
      const required = parents.some((parent) => parent.required?.includes(name) ?? false);
      return {
        label: name,
        kind: 'property',
        insert: propertyText(place, name, schemas),
        replace: keySpan(place),
        detail: schemas[0]?.description ?? '',
        documentation: describeField(name, schemas),
        first: required,
      };
    });
}

/** The key that the cursor is in. */
function keyNode({ location, offset }: Place): Node | undefined {
  const node = location.previousNode;
  if (node?.type !== 'string' && node?.type !== 'property') return undefined;
  return offset >= node.offset && offset <= node.offset + node.length ? node : undefined;
}

function keySpan(place: Place): Span {
  return keyNode(place) ?? wordSpan(place);
}

/** Letters around the cursor: what is typed without quotes. */
function wordSpan({ text, offset }: Place): Span {
  const before = /[\w"-]*$/.exec(text.slice(0, offset))?.[0].length ?? 0;
  const after = /^[\w"-]*/.exec(text.slice(offset))?.[0].length ?? 0;
  return { offset: offset - before, length: before + after };
}

function propertyText(place: Place, name: string, schemas: readonly Schema[]): string {
  const span = keySpan(place);
  const rest = place.text.slice(span.offset + span.length);
  const key = JSON.stringify(name);
  if (/^\s*:/.test(rest)) return escapeSnippet(key);
  const comma = /^\s*["{[\w]/.test(rest) ? ',' : '';
  return `${escapeSnippet(key)}: ${valueSnippet(schemas)}${comma}`;
}

function valueSnippet(schemas: readonly Schema[]): string {
  const options = choices(schemas);
  const listed = schemas.some((schema) => schema.enum !== undefined || hasType(schema, 'boolean'));
  if (listed && options.length > 1) {
    const texts = options.map((value) => JSON.stringify(value).replace(/[\\,|$}]/g, '\\$&'));
    return `\${1|${texts.join(',')}|}`;
  }
  const [only] = options;
  if (only !== undefined)
    return typeof only === 'string'
      ? `"\${1:${escapeSnippet(JSON.stringify(only).slice(1, -1))}}"`
      : `\${1:${escapeSnippet(JSON.stringify(only))}}`;
  const has = (type: string): boolean => schemas.some((schema) => hasType(schema, type));
  if (has('object')) return '{\n\t$1\n}';
  if (has('array')) return '[$1]';
  if (has('string')) return '"$1"';
  return '$1';
}

function taskIds(place: Place, tasks: readonly TrainingTaskInfo[]): Suggestion[] {
  return tasks.map((task) => ({
    label: task.id,
    kind: 'value',
    insert: escapeSnippet(JSON.stringify(task.id)),
    replace: valueSpan(place),
    detail: task.title,
    documentation: describeTask(task),
    first: false,
  }));
}

function values(place: Place, schemas: readonly Schema[]): Suggestion[] {
  const name = String(place.location.path.at(-1) ?? '');
  const documentation = describeField(name, schemas);
  const isDefault = (value: unknown): boolean => schemas.some((schema) => schema.default === value);
  return choices(schemas).map((value) => ({
    label: typeof value === 'string' ? value : JSON.stringify(value),
    kind: 'value',
    insert: escapeSnippet(JSON.stringify(value)),
    replace: valueSpan(place),
    detail: '',
    documentation,
    first: isDefault(value),
  }));
}

/** The value that the cursor is in, with its quotes, or the word that is being typed. */
function valueSpan(place: Place): Span {
  const node = place.location.previousNode;
  const inside =
    node !== undefined && place.offset >= node.offset && place.offset <= node.offset + node.length;
  return inside && node.type !== 'object' && node.type !== 'array' ? node : wordSpan(place);
}

function typedText(place: Place): string {
  const span = valueSpan(place);
  return place.text.slice(span.offset, place.offset).replace(/^"/, '');
}

function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
