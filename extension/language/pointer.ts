/** From a JSON pointer to the text it is about. Pure. */
import { findNodeAtLocation, type Node } from 'jsonc-parser';

export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** The parts of a JSON pointer (RFC 6901); none for the whole document. */
export function pointerParts(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * Where to underline a problem at `pointer`: a simple value with its key, the key of an object or list, the nearest
 * thing around what is missing, the opening brace when that is the whole document.
 */
export function spanOf(root: Node | undefined, pointer: string): Span {
  if (root === undefined) return { offset: 0, length: 0 };
  const parts = pointerParts(pointer);
  for (let length = parts.length; length > 0; length--) {
    const node = nodeAt(root, parts.slice(0, length));
    if (node !== undefined) return spanOfNode(node);
  }
  return { offset: root.offset, length: Math.min(1, root.length) };
}

function nodeAt(root: Node, parts: readonly string[]): Node | undefined {
  let node: Node | undefined = root;
  for (const part of parts) {
    if (node === undefined) return undefined;
    const segment = node.type === 'array' ? Number(part) : part;
    node = findNodeAtLocation(node, [segment]);
  }
  return node;
}

function spanOfNode(node: Node): Span {
  const property = node.parent?.type === 'property' ? node.parent : undefined;
  const key = property?.children?.[0];
  if (property === undefined || key === undefined) return { offset: node.offset, length: node.length };
  return node.type === 'object' || node.type === 'array'
    ? { offset: key.offset, length: key.length }
    : { offset: property.offset, length: property.length };
}
