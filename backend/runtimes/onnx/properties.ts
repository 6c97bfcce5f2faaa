/** What sherpa-onnx asks of a recogniser's metadata: without one of these it ends its process. Source: its csrc/*-model.cc. */
import { MlError } from '../../../ml/errors';
import { onnxFacts } from '../../sdk/onnx/facts';
import type { RecogniserLayout } from './layout';

const streamingNemo = [
  'window_size',
  'chunk_shift',
  ...[1, 2, 3].flatMap((n) => [`cache_last_channel_dim${n}`, `cache_last_time_dim${n}`]),
];

/** Throws `model.unsupported` for a number that is missing or none. */
export async function requireProperties(
  layout: RecogniserLayout,
  name: string,
  bytes: Uint8Array,
): Promise<void> {
  const needed = neededIn(layout, name);
  if (needed.length === 0) return;
  const facts = await onnxFacts({ path: name, size: bytes.length }, (_, start, end) =>
    Promise.resolve(bytes.subarray(start, end)),
  );
  const missing = needed.filter((key) => !/^\d{1,9}$/.test(facts?.properties[key] ?? ''));
  if (missing.length === 0) return;
  throw new MlError(
    'model.unsupported',
    `${name} lacks what sherpa-onnx must know of it: ${missing.join(', ')}. It was exported without its metadata.`,
  );
}

function neededIn({ model, modelType, online }: RecogniserLayout, name: string): string[] {
  const streaming = online ? streamingNemo : [];
  if ('nemoCtc' in model) return ['vocab_size', 'subsampling_factor', ...streaming];
  if (!('transducer' in model)) return [];
  if (modelType === 'nemo_transducer')
    return name === model.transducer.encoder
      ? ['vocab_size', 'subsampling_factor', 'pred_rnn_layers', 'pred_hidden', ...streaming]
      : [];
  return name === model.transducer.decoder ? ['vocab_size', 'context_size'] : [];
}
