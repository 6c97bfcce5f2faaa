/**
 * A function of tensors as one graph of the native engine, which fuses its operations and runs those side by side that
 * do not wait for each other. Weights are fed to it by reference: nothing is copied.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type { Program, TensorFunction } from '../../../../ml/kernels/compiled';
import { nativeBackend, type NativeBackend } from '../nativeOps';
import {
  attributeValue,
  constantNode,
  placeholderNode,
  savedModel,
  servingTag,
  type GraphNode,
} from './graphDef';
import { record, type Recording } from './recording';

/** Where no file can be written for the engine to load, the function runs operation by operation, and a warning says so. */
export function compileGraph(work: TensorFunction, examples: readonly tf.Tensor[]): Program {
  const backend = nativeBackend();
  if (backend === undefined) throw new Error('a graph is for the native engine alone');
  try {
    return compile(backend, work, examples);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.emitWarning(`A model runs slower than it could: TensorFlow took no graph of it (${reason}).`);
    return { run: (inputs) => tf.tidy(() => work(inputs)), dispose: () => undefined };
  }
}

function compile(backend: NativeBackend, work: TensorFunction, examples: readonly tf.Tensor[]): Program {
  const inputIds = backend.getInputTensorIds(examples);
  const { result: outputIds, recording } = record(backend, () =>
    tf.tidy(() => {
      const answers = work(examples);
      const ids = backend.getInputTensorIds(answers);
      // Its numbers are not wanted, only which tensors they are; some may have been kept.
      tf.dispose(answers);
      return ids;
    }),
  );
  const graph = new Graph(backend, recording, inputIds);
  const outputs = outputIds.map((id) => graph.reference(id)).join(',');
  const { binding } = backend;
  const model = load(backend, savedModel(graph.nodes));
  const feeds = [...graph.feeds.keys()];
  const names = [...graph.feeds.values()].map((name) => `${name}:0`).join(',');
  const slots = inputIds.map((id) => feeds.indexOf(id));
  return {
    run: (inputs) => {
      const ids = [...feeds];
      backend.getInputTensorIds(inputs).forEach((id, i) => {
        const slot = slots[i] ?? -1;
        if (slot >= 0) ids[slot] = id;
      });
      const answers = binding.runSavedModel(model, ids, names, outputs);
      return answers.map((answer) => backend.createOutputTensor(answer));
    },
    dispose: () => {
      binding.deleteSavedModel(model);
    },
  };
}

function load({ binding }: NativeBackend, contents: Uint8Array): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'goya-graph-'));
  try {
    writeFileSync(path.join(folder, 'saved_model.pb'), contents);
    return binding.loadSavedModel(folder, servingTag);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Graph {
  readonly nodes: GraphNode[] = [];
  /** Tensors that are handed in at each run, with the names of their places. */
  readonly feeds = new Map<number, string>();
  private readonly constants = new Map<number, string>();

  constructor(
    private readonly backend: NativeBackend,
    private readonly recording: Recording,
    inputIds: readonly number[],
  ) {
    for (const id of inputIds) this.feed(id);
    recording.ops.forEach(({ op, attributes, inputs }, i) => {
      this.nodes.push({
        name: `op${i}`,
        op,
        inputs: inputs.map((id) => this.reference(id)),
        attributes: Object.fromEntries(
          attributes.map((one) => [one.name, attributeValue(backend.binding, one)]),
        ),
      });
    });
  }

  /** `node:output` */
  reference(id: number): string {
    const origin = this.recording.made.get(id);
    if (origin !== undefined && !this.feeds.has(id)) return `op${origin[0]}:${origin[1]}`;
    const values = this.recording.constants.get(id);
    return values === undefined || this.feeds.has(id) ? this.feed(id) : this.constant(id, values);
  }

  private feed(id: number): string {
    const known = this.feeds.get(id);
    if (known !== undefined) return known;
    const name = `fed${this.feeds.size}`;
    this.feeds.set(id, name);
    const dtype = this.recording.types.get(id) ?? this.backend.binding.TF_FLOAT;
    this.nodes.push(placeholderNode(name, dtype));
    return name;
  }

  private constant(id: number, values: Parameters<typeof constantNode>[1]): string {
    const known = this.constants.get(id);
    if (known !== undefined) return known;
    const name = `constant${this.constants.size}`;
    this.constants.set(id, name);
    this.nodes.push(constantNode(name, values));
    return name;
  }
}
