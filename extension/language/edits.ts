/** What a fix does to a config's text: its comments and its layout stay. Pure. */
import {
  applyEdits,
  findNodeAtLocation,
  modify,
  parseTree,
  type FormattingOptions,
  type Node,
} from 'jsonc-parser';
import type { ConfigFix } from '../../protocol/model/configFix';
import { pointerParts, type Span } from './pointer';

export interface TextChange extends Span {
  readonly text: string;
}

type Path = (string | number)[];

/** The one change that makes the fix; undefined where the text has nothing (any more) to change. */
export function changeOf(
  text: string,
  fix: ConfigFix,
  formattingOptions: FormattingOptions,
): TextChange | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  if (root?.type !== 'object') return undefined;
  return difference(text, applied(text, root, fix, formattingOptions));
}

function applied(text: string, root: Node, fix: ConfigFix, formattingOptions: FormattingOptions): string {
  const path = pathOf(root, fix.path);
  const write = (before: string, at: Path, value: unknown): string =>
    applyEdits(before, modify(before, at, value, { formattingOptions }));
  if (fix.kind === 'set') return write(text, path, fix.value);
  const node = findNodeAtLocation(root, path);
  if (node === undefined) return text;
  if (fix.kind === 'remove') return write(text, path, undefined);
  const target = pathOf(root, fix.to);
  const key = node.parent?.children?.[0];
  if (isSameSection(path, target) && key !== undefined) {
    const name = JSON.stringify(target.at(-1));
    return text.slice(0, key.offset) + name + text.slice(key.offset + key.length);
  }
  const value = valueOf(node);
  return write(write(text, path, undefined), target, value);
}

/** What `modify` would write again: a value without its comments. */
function valueOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  if (node.type !== 'object') return node.value as unknown;
  const entries = (node.children ?? []).flatMap(({ children: [key, value] = [] }) =>
    key === undefined || value === undefined ? [] : [[String(key.value), valueOf(value)] as const],
  );
  return Object.fromEntries(entries);
}

/** A JSON pointer as keys, with numbers where lists are. */
function pathOf(root: Node, pointer: string): Path {
  let node: Node | undefined = root;
  return pointerParts(pointer).map((part) => {
    const segment = node?.type === 'array' ? Number(part) : part;
    node = node === undefined ? undefined : findNodeAtLocation(node, [segment]);
    return segment;
  });
}

function isSameSection(a: Path, b: Path): boolean {
  return a.length === b.length && a.slice(0, -1).every((part, i) => part === b[i]);
}

function difference(before: string, after: string): TextChange | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return {
    offset: start,
    length: before.length - start - end,
    text: after.slice(start, after.length - end),
  };
}
