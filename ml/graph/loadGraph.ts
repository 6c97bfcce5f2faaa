/** A tf.js graph model. Imported where one is loaded: it brings the converter's operations along. */
import { loadGraphModelSync, type GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { BareModel } from '../bare/bareModel';
import { predictError } from '../bare/predictError';
import { MlError } from '../errors';
import { readWeights, weightBytes, type ModelFiles, type ModelJson } from '../trained/modelFiles';
import { checkGraph } from './checkGraph';
import { graphDef, signature as signatureOf, type GraphDef } from './graphDef';
import { graphSpecs, type GraphSpecs } from './graphSpecs';
import { dynamicOps } from './ops';
import type * as z from 'zod';

const corrupt = (message: string, cause?: unknown): MlError =>
  new MlError('model.corrupt', message, { cause });

/** Checked before anything large is allocated. Throws `model.corrupt` or `model.unsupported`. */
export async function loadGraph(files: ModelFiles, json: ModelJson): Promise<BareModel> {
  const graph = parsed('modelTopology', graphDef, json.modelTopology);
  const metadata = json['userDefinedMetadata'] as { signature?: unknown } | null | undefined;
  const signature =
    parsed('signature', signatureOf.nullish(), metadata?.signature ?? json['signature']) ?? undefined;
  const weightSpecs = json.weightsManifest.flatMap((group) => group.weights);
  const names = new Set(weightSpecs.map(({ name }) => name));
  if (names.size !== weightSpecs.length) throw corrupt('model.json describes a weight twice.');
  // Before the graph is looked into: a weight that cannot be read is told as that.
  for (const spec of weightSpecs) weightBytes(spec);
  checkGraph(graph, names);
  const initializer = parsed('modelInitializer', graphDef.nullish(), json['modelInitializer']) ?? undefined;
  if (initializer !== undefined) checkGraph(initializer, names);
  const specs = graphSpecs(graph, signature);
  const weightData = await readWeights(files, json.weightsManifest);
  const model = build({
    modelTopology: { ...graph, versions: graph.versions ?? {} },
    weightSpecs,
    weightData,
    ...(signature === undefined ? {} : { signature }),
    ...(initializer === undefined ? {} : { modelInitializer: initializer }),
    ...(json['initializerSignature'] === undefined
      ? {}
      : { initializerSignature: parsed('initializerSignature', signatureOf, json['initializerSignature']) }),
  });
  return asBare(model, specs, isDynamic(graph));
}

type Graph = GraphModel<tf.io.IOHandlerSync>;

/** Frees the weights again where the converter gives up half way. */
function build(artifacts: object): Graph {
  try {
    const models: Graph[] = [];
    tf.tidy(() => {
      const model = loadGraphModelSync(artifacts);
      for (const weight of Object.values(model.weights).flat()) tf.keep(weight);
      models.push(model);
    });
    return models[0] as Graph;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw corrupt(`TensorFlow.js cannot build the graph of model.json: ${reason}`, error);
  }
}

function isDynamic(graph: GraphDef): boolean {
  const bodies = (graph.library?.function ?? []).flatMap((one) => one.nodeDef ?? []);
  return [...graph.node, ...bodies].some(({ op }) => dynamicOps.has(op));
}

function parsed<T>(field: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw corrupt(
    `model.json is not as it should be: ${[field, ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? ''}.`,
  );
}

function asBare(model: Graph, specs: GraphSpecs, dynamic: boolean): BareModel {
  const wanted = specs.outputs.map(({ name }) => name);
  const weights = Object.values(model.weights).flat();
  const own = new Set(weights.map(({ id }) => id));
  return {
    format: 'graph',
    dynamic,
    ...specs,
    parameters: weights.reduce((sum, { size }) => sum + size, 0),
    predict: async (tensors) => {
      const given = specs.inputs.map(({ name }, i) => [name, tensors[i] as tf.Tensor] as const);
      try {
        const answer = dynamic
          ? await model.executeAsync(Object.fromEntries(given), wanted)
          : model.execute(Object.fromEntries(given), wanted);
        const mine = new Set([...own, ...tensors.map(({ id }) => id)]);
        // A graph may answer a weight or what it was given: the caller frees what it gets.
        return [answer].flat().map((one) => (mine.has(one.id) ? one.clone() : one));
      } catch (error) {
        throw predictError(error);
      }
    },
    dispose: () => {
      model.dispose();
    },
  };
}
