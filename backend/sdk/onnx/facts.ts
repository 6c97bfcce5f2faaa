/**
 * What an ONNX file says of itself, from its two ends: weights lie in the middle. ONNX's writers put the version and the
 * producer first, then the graph, then operator sets and properties; within the graph the inputs and outputs come after
 * the weights. Two or three requests of kilobytes, whatever the file's size.
 */
import type { OnnxMetadata, OnnxTensor } from '../../../protocol/model/hubModel';
import { externalLocation, graphField, modelField, readOpset, readPair, readTensor } from './messages';
import { readFields, textOf, type Field } from './wire';

export interface SizedFile {
  readonly path: string;
  readonly size: number;
}

/** Reads `[start, end)` of a file; undefined when no part of it can be had. */
export type ReadRange = (path: string, start: number, end: number) => Promise<Uint8Array | undefined>;

/** Bytes that are read from each end. */
const headBytes = 64 * 1024;
const tailBytes = 96 * 1024;
const mostEntries = 200;
const mostText = 300;
/** Fields that looking for the inputs may read: a file made to be slow gives up its inputs, not our time. */
const mostWork = 40_000;

type Facts = Omit<OnnxMetadata, 'path'>;

/** Undefined when the file is no ONNX model, or gives no part of itself. */
export async function onnxFacts(file: SizedFile, read: ReadRange): Promise<OnnxMetadata | undefined> {
  const { path, size } = file;
  const head = await read(path, 0, Math.min(size, headBytes));
  if (head === undefined) return undefined;
  const top = readFields(head, 0, size);
  const graph = top.fields.find((field) => field.number === modelField.graph && field.value === undefined);
  const facts = fromTop(head, top.fields);
  // Every model has its version, and every writer puts it first: without it this is something else.
  if (graph === undefined || facts.irVersion === undefined) return undefined;
  const inHead = graph.end <= head.length;
  const graphFacts = inHead ? fromGraph(head, readFields(head, graph.start, graph.end).fields) : {};
  if (head.length >= size) return finish(path, facts, graphFacts);
  const tailStart = Math.max(head.length, size - tailBytes);
  const tail = await read(path, tailStart, size);
  if (tail === undefined) return finish(path, facts, graphFacts);
  // Where the last field that began in the head ends; what lies between it and the tail is left out.
  const after = top.next - tailStart;
  const rest = after >= 0 ? readFields(tail, after).fields : [];
  const graphEnd = Math.min(graph.end - tailStart, tail.length);
  return finish(path, merge(facts, fromTop(tail, rest)), inHead ? graphFacts : fromGraphEnd(tail, graphEnd));
}

function fromTop(bytes: Uint8Array, fields: readonly Field[]): Partial<Facts> {
  const all = (number: number): Field[] =>
    fields.filter((field) => field.number === number && field.value === undefined).slice(0, mostEntries);
  const irVersion = fields.find((field) => field.number === modelField.irVersion)?.value;
  const producer = [modelField.producer, modelField.producerVersion]
    .map((number) => textOf(bytes, all(number)[0]))
    .filter((text) => text !== undefined && text !== '')
    .join(' ');
  const pairs = all(modelField.property).flatMap((field) => {
    const pair = readPair(bytes, field);
    return pair === undefined ? [] : [[pair[0], pair[1].slice(0, mostText)] as const];
  });
  return {
    ...(irVersion === undefined || irVersion > 1000 ? {} : { irVersion }),
    ...(producer === '' ? {} : { producer: producer.slice(0, mostText) }),
    opsets: all(modelField.opset).flatMap((field) => readOpset(bytes, field) ?? []),
    properties: Object.fromEntries(pairs),
  };
}

function merge(head: Partial<Facts>, tail: Partial<Facts>): Partial<Facts> {
  return {
    ...tail,
    ...head,
    opsets: [...(head.opsets ?? []), ...(tail.opsets ?? [])],
    properties: { ...tail.properties, ...head.properties },
  };
}

function finish(path: string, facts: Partial<Facts>, graph: Partial<Facts>): OnnxMetadata {
  return { path, opsets: [], properties: {}, externalData: [], ...facts, ...graph };
}

function fromGraph(bytes: Uint8Array, fields: readonly Field[]): Partial<Facts> {
  const whole = fields.filter((field) => field.end <= bytes.length);
  const tensors = (number: number): OnnxTensor[] =>
    whole
      .filter((field) => field.number === number)
      .slice(0, mostEntries)
      .flatMap((field) => readTensor(bytes, field) ?? []);
  const places = whole
    .filter((field) => field.number === graphField.initializer)
    .flatMap((field) => externalLocation(bytes, field) ?? []);
  return {
    ...(whole.some((field) => field.number === graphField.input)
      ? { inputs: tensors(graphField.input) }
      : {}),
    ...(whole.some((field) => field.number === graphField.output)
      ? { outputs: tensors(graphField.output) }
      : {}),
    externalData: [...new Set(places)].slice(0, mostEntries),
  };
}

/**
 * The graph's last fields, when its beginning is not there: from the first byte that may begin an input, where reading
 * on ends exactly at the graph's end and finds nothing but what a graph holds.
 */
function fromGraphEnd(tail: Uint8Array, graphEnd: number): Partial<Facts> {
  const inputTag = graphField.input * 8 + 2;
  let work = 0;
  for (let at = tail.indexOf(inputTag); at >= 0 && at < graphEnd && work < mostWork;) {
    const { fields, whole } = readFields(tail, at, graphEnd);
    work += fields.length + 1;
    if (whole && isGraphEnd(tail, fields)) return fromGraph(tail, fields);
    at = tail.indexOf(inputTag, at + 1);
  }
  return {};
}

function isGraphEnd(bytes: Uint8Array, fields: readonly Field[]): boolean {
  const described = fields.filter(
    ({ number }) => number === graphField.input || number === graphField.output,
  );
  return (
    fields.every(({ number, value }) => number >= graphField.input && number <= 16 && value === undefined) &&
    described.some(({ number }) => number === graphField.output) &&
    described.every((field) => readTensor(bytes, field) !== undefined)
  );
}
