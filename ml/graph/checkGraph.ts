/** A graph is checked whole before anything of it is built: the converter itself trusts what it reads. */
import { MlError } from '../errors';
import type { FunctionDef, GraphDef, NodeDef } from './graphDef';
import { knownOps } from './ops';

const corrupt = (message: string): MlError => new MlError('model.corrupt', message);
/** More than that are told by their number. */
const mostNamed = 6;

/** Operations that nothing here runs, each once, in the order of their names; those of functions too. */
export function unknownOps(graph: GraphDef): string[] {
  const bodies = (graph.library?.function ?? []).flatMap((one) => one.nodeDef ?? []);
  const ops = new Set([...graph.node, ...bodies].map(({ op }) => op));
  return [...ops].filter((op) => !knownOps.has(op)).sort();
}

/** `weights`: the names that the manifest has. Throws `model.corrupt` or `model.unsupported`. */
export function checkGraph(graph: GraphDef, weights: ReadonlySet<string>): void {
  const unknown = unknownOps(graph);
  if (unknown.length > 0) {
    const more = unknown.length > mostNamed ? ` and ${unknown.length - mostNamed} more` : '';
    throw new MlError(
      'model.unsupported',
      `The graph needs operations that TensorFlow.js does not have: ${unknown.slice(0, mostNamed).join(', ')}${more}.`,
    );
  }
  const nodes = byName(graph.node, 'The graph');
  checkInputs(nodes, 'The graph');
  checkOrder(nodes);
  for (const { name, op } of graph.node) {
    if (op === 'Const' && !weights.has(name)) throw corrupt(`The constant "${name}" has no weights.`);
  }
  for (const body of graph.library?.function ?? []) checkFunction(body);
}

function checkFunction({ signature, nodeDef, ret }: FunctionDef): void {
  const where = `The function "${signature.name}"`;
  const nodes = byName(nodeDef ?? [], where);
  for (const { name } of signature.inputArg ?? []) {
    if (nodes.has(name)) throw corrupt(`${where} has "${name}" twice.`);
    nodes.set(checkedName(name, where), { name, op: 'Placeholder' });
  }
  checkInputs(nodes, where);
  checkOrder(nodes);
  for (const { name } of signature.outputArg ?? []) {
    const from = ret?.[name];
    if (from !== undefined && nodes.has(nodeOf(from))) continue;
    throw corrupt(`${where} does not say where its result "${name}" comes from.`);
  }
}

function byName(nodes: readonly NodeDef[], where: string): Map<string, NodeDef> {
  const named = new Map<string, NodeDef>();
  for (const node of nodes) {
    if (named.has(node.name)) throw corrupt(`${where} has two nodes "${node.name}".`);
    named.set(checkedName(node.name, where), node);
  }
  return named;
}

/** The converter keeps nodes as properties of an object: names of its own properties would not be found as nodes. */
function checkedName(name: string, where: string): string {
  if (!(name in Object.prototype)) return name;
  throw corrupt(`${where} has a node with the impossible name "${name}".`);
}

/** `^node` and `node:output:0` are the node. */
export function nodeOf(input: string): string {
  return (input.startsWith('^') ? input.slice(1) : input).split(':')[0] ?? '';
}

function checkInputs(nodes: ReadonlyMap<string, NodeDef>, where: string): void {
  for (const { name, input } of nodes.values()) {
    const missing = (input ?? []).find((one) => !nodes.has(nodeOf(one)));
    if (missing === undefined) continue;
    throw corrupt(`${where} has no node "${nodeOf(missing)}", which "${name}" reads.`);
  }
}

/** Only a loop's `NextIteration` may lead back. Without recursion: graphs are deep. */
function checkOrder(nodes: ReadonlyMap<string, NodeDef>): void {
  const done = new Set<string>();
  const open = new Set<string>();
  for (const start of nodes.keys()) {
    const stack = [start];
    for (let name = stack.at(-1); name !== undefined; name = stack.at(-1)) {
      if (done.has(name)) {
        stack.pop();
        continue;
      }
      if (open.has(name)) {
        open.delete(name);
        done.add(name);
        stack.pop();
        continue;
      }
      open.add(name);
      const node = nodes.get(name);
      for (const input of node?.op === 'NextIteration' ? [] : (node?.input ?? [])) {
        const from = nodeOf(input);
        if (open.has(from)) throw corrupt(`The node "${from}" depends on its own result.`);
        if (!done.has(from)) stack.push(from);
      }
    }
  }
}
