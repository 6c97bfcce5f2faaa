/** What a graph takes and answers: from its signature where the file has one, else from its nodes. */
import type { TensorSpec } from '../bare/bareModel';
import { MlError } from '../errors';
import { nodeOf } from './checkGraph';
import {
  dtypeOf,
  shapeOf,
  tensorShape,
  type GraphDef,
  type NodeDef,
  type Signature,
  type SignatureEntry,
} from './graphDef';

export interface GraphSpecs {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

/** Throws `model.corrupt` for a signature that speaks of nodes that are not there. */
export function graphSpecs(graph: GraphDef, signature: Signature | undefined): GraphSpecs {
  const nodes = new Map(graph.node.map((node) => [node.name, node]));
  const inputs = Object.entries(signature?.inputs ?? {});
  const outputs = Object.entries(signature?.outputs ?? {});
  for (const [, { name }] of [...inputs, ...outputs]) {
    if (nodes.has(nodeOf(name))) continue;
    throw new MlError('model.corrupt', `The graph has no node "${nodeOf(name)}", which its signature names.`);
  }
  const read = new Set(graph.node.flatMap((node) => (node.input ?? []).map(nodeOf)));
  return {
    inputs:
      inputs.length > 0
        ? inputs.flatMap(([name, entry]) => (isResource(entry) ? [] : [specOf(name, entry, nodes)]))
        : graph.node.filter(({ op }) => op.startsWith('Placeholder')).map(placeholder),
    outputs:
      outputs.length > 0
        ? outputs.map(([name, entry]) => specOf(name, entry, nodes))
        : graph.node
            .filter(({ name }) => !read.has(name))
            .map((node) => ({ name: node.name, shape: undefined, dtype: typeOf(node) })),
  };
}

function isResource({ resourceId, dtype }: SignatureEntry): boolean {
  return (resourceId !== undefined && resourceId !== null) || dtype === 'DT_RESOURCE' || dtype === 20;
}

function specOf(name: string, entry: SignatureEntry, nodes: ReadonlyMap<string, NodeDef>): TensorSpec {
  const node = nodes.get(nodeOf(entry.name));
  const known = node?.op.startsWith('Placeholder') === true ? placeholder(node) : undefined;
  return {
    name,
    shape: shapeOf(entry.tensorShape) ?? known?.shape,
    dtype:
      entry.dtype === undefined || entry.dtype === null ? (known?.dtype ?? 'float32') : dtypeOf(entry.dtype),
  };
}

function placeholder(node: NodeDef): TensorSpec {
  const parsed = tensorShape
    .nullish()
    .safeParse((node.attr?.['shape'] as { shape?: unknown } | undefined)?.shape);
  return { name: node.name, shape: parsed.success ? shapeOf(parsed.data) : undefined, dtype: typeOf(node) };
}

function typeOf({ attr }: NodeDef): string {
  const type = (attr?.['dtype'] ?? attr?.['T']) as { type?: unknown } | undefined;
  return typeof type?.type === 'string' || typeof type?.type === 'number' ? dtypeOf(type.type) : 'float32';
}
