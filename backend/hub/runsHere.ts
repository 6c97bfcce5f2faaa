/** Whether Goya can run a repository's model, told before downloading from its file names and small files. */
import { z } from 'zod';
import { unknownOps } from '../../ml/graph/checkGraph';
import { graphDef, type GraphDef } from '../../ml/graph/graphDef';
import type { HubWeights, OnnxMetadata, RunsHere } from '../../protocol/model/hubModel';
import { bytesOf } from '../language/amounts';
import { figure, listed, say, sentences } from '../language/say';
import type { RuntimeVerdict } from '../sdk/modelRuntime';
import { isRunnable, judgeFamily } from './families';
import type { TensorFacts } from './safetensors';
import { formatNames, tfjsFoldersOf, weightFormatOf, weightFormats, type WeightFormat } from './weightFormat';

export interface Evidence {
  readonly files: readonly { readonly path: string; readonly size: number }[];
  /** The parsed `config.json`, when there is one. */
  readonly config: unknown;
  /** Reads a small file of the repository and parses it; undefined when it is not there or no JSON. */
  readonly readJson: (path: string) => Promise<unknown>;
  /** From the heads of the weight files, where they were read. */
  readonly weights?: TensorFacts | undefined;
  /** From the ends of the ONNX file, where they were read. */
  readonly onnx?: OnnxMetadata | undefined;
}

/** What a runtime beside Goya's own families makes of the model; undefined where none knows it. */
export type JudgeRuntime = () => Promise<RuntimeVerdict | undefined>;

export interface ModelFacts {
  /** The hub's word, where a runtime told it. */
  readonly task?: string | undefined;
  readonly runsHere: RunsHere;
  readonly architecture: string | undefined;
  readonly format: WeightFormat | undefined;
}

const configSchema = z.object({
  model_type: z.string().optional().catch(undefined),
  architectures: z.array(z.string()).optional().catch(undefined),
});

export function architectureOf(config: unknown): string | undefined {
  const parsed = configSchema.safeParse(config);
  return parsed.success ? (parsed.data.model_type ?? parsed.data.architectures?.[0]) : undefined;
}

/** What the properties of an ONNX file call it; Piper's voices have a description of their own. */
function onnxArchitecture(onnx: OnnxMetadata | undefined): string | undefined {
  const type = onnx?.properties['model_type'];
  if (type === undefined || type === '') return undefined;
  return onnx?.properties['comment'] === 'piper' ? `Piper ${type.toUpperCase()}` : type;
}

/** The formats among the files, the best one first. */
export function formatsOf(paths: readonly string[]): WeightFormat[] {
  const folders = tfjsFoldersOf(paths);
  const present = new Set(paths.map((path) => weightFormatOf(path, folders)));
  return weightFormats.filter((format) => present.has(format));
}

/** NeMo's archives hold a pickle too. */
const pickled: readonly WeightFormat[] = ['pytorch', 'nemo'];

export function pickleRisk(formats: readonly WeightFormat[]): HubWeights['pickle'] {
  const pickles = formats.filter((format) => pickled.includes(format)).length;
  if (pickles === 0) return 'none';
  return pickles === formats.length ? 'only' : 'avoidable';
}

export async function judge(evidence: Evidence, ofRuntime?: JudgeRuntime): Promise<ModelFacts> {
  const paths = evidence.files.map((file) => file.path);
  const architecture = architectureOf(evidence.config) ?? onnxArchitecture(evidence.onnx);
  const [format] = formatsOf(paths);
  const facts = { architecture, format };
  if (paths.length === 0)
    return { ...facts, runsHere: { verdict: 'no', reason: say`The repository is empty.` } };
  if (format === undefined) {
    return {
      ...facts,
      runsHere: { verdict: 'no', reason: say`The repository holds no weights that Goya knows.` },
    };
  }
  if (format === 'tfjs') return { ...facts, ...(await judgeTfjs(evidence, paths)) };
  const known = format === 'onnx' ? await ofRuntime?.() : undefined;
  if (known !== undefined) return { ...known, format };
  const what = `${formatNames[format]}${architecture === undefined ? '' : ` (${architecture})`}`;
  const runsHere = isRunnable(format, evidence.config)
    ? judgeFamily(what, weight(evidence.weights), evidence.weights)
    : ({ verdict: 'no', reason: whyNot(what, evidence) } as const);
  return { ...facts, runsHere };
}

const tfjsModel = z.object({
  format: z.string().optional(),
  modelTopology: z.unknown(),
  weightsManifest: z.array(z.object({ paths: z.array(z.string()) })),
});

async function judgeTfjs(
  evidence: Evidence,
  paths: readonly string[],
): Promise<{ runsHere: RunsHere; architecture?: string }> {
  const folder = [...tfjsFoldersOf(paths)].sort((a, b) => a.length - b.length)[0] ?? '';
  const inFolder = (name: string): string => (folder === '' ? name : `${folder}/${name}`);
  const parsed = tfjsModel.safeParse(await evidence.readJson(inFolder('model.json')));
  if (!parsed.success) {
    const reason = say`${inFolder('model.json')} is not the description of a TensorFlow.js model.`;
    return { runsHere: { verdict: 'unknown', reason } };
  }
  const missing = parsed.data.weightsManifest
    .flatMap((group) => group.paths)
    .find((shard) => !paths.includes(inFolder(shard)));
  if (missing !== undefined) {
    return {
      runsHere: {
        verdict: 'no',
        reason: say`The weights file ${inFolder(missing)} is not in the repository.`,
      },
    };
  }
  const architecture = architectureOf(evidence.config);
  const graph = graphDef.safeParse(parsed.data.modelTopology);
  if (parsed.data.format === 'graph-model' || graph.success) {
    return {
      architecture: architecture ?? 'tf.js graph model',
      runsHere: judgeGraph(graph.data, inFolder('model.json')),
    };
  }
  return {
    architecture: architecture ?? 'tf.js layers model',
    runsHere: {
      verdict: 'yes',
      engine: 'tf.js',
      reason: say`A TensorFlow.js layers model: runs in the backend and in the playground.`,
    },
  };
}

function judgeGraph(graph: GraphDef | undefined, file: string): RunsHere {
  if (graph === undefined)
    return { verdict: 'unknown', reason: say`${file} is not the description of a TensorFlow.js model.` };
  const unknown = unknownOps(graph);
  if (unknown.length > 0) {
    const reason = say`A TensorFlow.js graph model with operations that TensorFlow.js does not have: ${listed(unknown)}. It can be downloaded and kept.`;
    return { verdict: 'no', reason };
  }
  const reason = say`A TensorFlow.js graph model: runs in the backend and in the playground.`;
  return { verdict: 'yes', engine: 'tf.js', reason };
}

function whyNot(what: string, evidence: Evidence): string {
  const more = `${weight(evidence.weights)}${onnxWords(evidence.onnx)}`;
  return sentences(
    say`The weights are ${what}${more}; this version of Goya does not run them. It can be downloaded and kept.`,
    pickleRisk(formatsOf(evidence.files.map((file) => file.path))) === 'only'
      ? say`There is no other form: a pickle can run code when it is opened, so Goya does not open it.`
      : '',
  );
}

/** Memory for the weights alone, in the type that they are stored in. */
function weight(facts: TensorFacts | undefined): string {
  if (facts === undefined) return '';
  const { parameters, bytes, dtype } = facts;
  const count =
    parameters >= 1e9
      ? say`${figure(parameters / 1e9, 1)} billion`
      : parameters >= 1e5
        ? say`${figure(parameters / 1e6, 1)} million`
        : figure(parameters, 0);
  return say`: ${count} parameters in ${dtype}, ${bytesOf(bytes)} of memory for them alone`;
}

/** What an ONNX file tells of itself that bears on running it. */
function onnxWords(onnx: OnnxMetadata | undefined): string {
  const { properties = {}, opsets = [] } = onnx ?? {};
  const opset = opsets.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version;
  const rate = properties['sample_rate'];
  const parts = [
    opset === undefined ? '' : say`operator set ${opset}`,
    rate === undefined ? '' : say`${rate} Hz`,
    properties['language'] ?? '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : say`, ${listed(parts)}`;
}
