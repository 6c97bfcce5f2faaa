/** Recognisers in sherpa-onnx's layouts: an encoder, a decoder and a joiner, or one model with CTC, and their tokens. */
import type { OnnxMetadata } from '../../../protocol/model/hubModel';
import type { ModelFiles } from '../../sdk/modelRuntime';
import type { RecogniserLayout, RecogniserModel } from './layout';
import { folderOf, nameOf, persianFirst } from './paths';
import { say } from './words';

const task = 'automatic-speech-recognition';

export async function detectRecogniser(
  files: ModelFiles,
  onnx: readonly string[],
): Promise<RecogniserLayout | undefined> {
  const tokens = persianFirst(
    files.files.map(({ path }) => path).filter((path) => nameOf(path) === 'tokens.txt'),
  )[0];
  const folder = tokens === undefined ? undefined : folderOf(tokens);
  const beside = onnx.filter((path) => folder === undefined || folderOf(path) === folder);
  const part = (name: string): string | undefined =>
    plainest(beside, new RegExp(`(^|[._-])${name}([._-]|$)`, 'i'));
  const encoder = part('encoder');
  if (encoder !== undefined) return transducer(files, encoder, part('decoder'), part('joiner'), tokens);
  const model = plainest(beside, /(^|[._-])model([._-]|$)/i) ?? beside[0];
  return model === undefined ? undefined : ctc(files, model, tokens);
}

/** Of several precisions the full one, as `downloads/plan` takes it. */
function plainest(paths: readonly string[], name: RegExp): string | undefined {
  const reduced = (path: string): number => (/[._-](int8|uint8|fp16|q\d)/i.test(nameOf(path)) ? 1 : 0);
  return paths
    .filter((path) => name.test(nameOf(path).replace(/\.onnx$/i, '')))
    .sort((a, b) => reduced(a) - reduced(b) || a.length - b.length)[0];
}

/** icefall's own names of its encoders. */
const icefall: Readonly<Record<string, string>> = {
  zipformer: 'Zipformer transducer',
  zipformer2: 'Zipformer transducer',
  conformer: 'Conformer transducer',
  lstm: 'LSTM transducer',
};
const nemo = /^EncDec(HybridRNNTCTC|RNNT|CTC)(BPE)?Model(BPE)?$/;

async function transducer(
  files: ModelFiles,
  encoder: string,
  decoder: string | undefined,
  joiner: string | undefined,
  tokens: string | undefined,
): Promise<RecogniserLayout | undefined> {
  const facts = await files.onnx(encoder);
  const { model_type: type = '', ...properties } = facts?.properties ?? {};
  const ofNemo = nemo.test(type) || properties['pred_rnn_layers'] !== undefined;
  // An encoder and a decoder without a joiner are another kind of model.
  if (facts === undefined || joiner === undefined) return undefined;
  const missing = decoder === undefined ? 'decoder' : undefined;
  return {
    kind: 'recogniser',
    task,
    architecture: ofNemo ? 'NeMo transducer' : (icefall[type] ?? 'transducer'),
    lacks: lackOf(missing, tokens, ofNemo || icefall[type] !== undefined ? undefined : type),
    model: { transducer: { encoder, decoder: decoder ?? '', joiner } },
    modelType: ofNemo ? 'nemo_transducer' : 'transducer',
    tokens: tokens ?? '',
    online: isOnline(properties),
    timeScale: 1,
    features: featuresOf(facts),
  };
}

async function ctc(
  files: ModelFiles,
  model: string,
  tokens: string | undefined,
): Promise<RecogniserLayout | undefined> {
  const facts = await files.onnx(model);
  const { model_type: type = '', ...properties } = facts?.properties ?? {};
  const online = isOnline(properties);
  const ofNemo = nemo.test(type);
  const found = ofNemo
    ? ({ nemoCtc: { model } } as const)
    : type === 'zipformer2_ctc'
      ? ({ zipformerCtc: { model } } as const)
      : type === 'zipformer2' && online
        ? ({ zipformer2Ctc: { model } } as const)
        : type === 'wenet_ctc'
          ? ({ wenetCtc: { model } } as const)
          : undefined;
  if (facts === undefined || found === undefined) return undefined;
  return {
    kind: 'recogniser',
    task,
    architecture: ofNemo ? 'NeMo CTC' : type === 'wenet_ctc' ? 'WeNet CTC' : 'Zipformer CTC',
    lacks: lackOf(undefined, tokens, undefined),
    model: found satisfies RecogniserModel,
    modelType: '',
    tokens: tokens ?? '',
    online,
    // sherpa-onnx counts four frames of features to each of a streaming CTC model's (online-recognizer-ctc-impl.h).
    timeScale: online && ofNemo ? Number(properties['subsampling_factor'] ?? 8) / 4 : 1,
    features: featuresOf(facts),
  };
}

function lackOf(
  part: string | undefined,
  tokens: string | undefined,
  type: string | undefined,
): string | undefined {
  if (part !== undefined) return say`The part ${part} of the recogniser is missing.`;
  if (tokens === undefined) return say`The file ${'tokens.txt'} with its tokens is missing.`;
  return type === undefined
    ? undefined
    : say`The model is of the kind ${type === '' ? '?' : type}, which is not run here.`;
}

/** Exporters write how much a streaming model takes at a time. */
function isOnline(properties: Readonly<Record<string, string>>): boolean {
  return ['decode_chunk_len', 'window_size', 'T'].some((key) => properties[key] !== undefined);
}

/** NeMo's take channels first, icefall's last. */
function featuresOf({ inputs, properties }: OnnxMetadata): number {
  const said = Number(properties['feat_dim']);
  if (Number.isInteger(said) && said > 0) return said;
  const sizes = inputs?.[0]?.shape?.filter((size) => typeof size === 'number') ?? [];
  return sizes.find((size) => [40, 64, 80, 128].includes(size)) ?? 80;
}
