import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { ctcLoss } from '../../ml/ctc/ctcLoss';
import { argmax } from '../../ml/generation/sampling';
import { wav2vec2Config } from '../../ml/models/wav2vec2/config';
import { audioInput, preparedRows, type AudioInput } from '../../ml/models/wav2vec2/input';
import type { Stage } from '../../ml/models/wav2vec2/encoder';
import { Wav2Vec2 } from '../../ml/models/wav2vec2/model';
import { CtcTokens, type CtcSpan } from '../../ml/tokenizers/ctcTokens';
import { isModel, type GoldenCase, type GoldenFamily } from './goldenCase';

const decodeCases = z.array(z.looseObject({ ids: z.array(z.number()) }));
const encodeCases = z.array(z.looseObject({ text: z.string() }));

async function run(golden: GoldenCase): Promise<void> {
  const input = audioInput((await golden.json('preprocessor_config.json')) ?? {});
  const model = await Wav2Vec2.load(await golden.weights(), wav2vec2Config(golden.config));
  try {
    const best = await utterance(golden, model, input);
    await batch(golden, model);
    await texts(golden, best);
  } finally {
    model.dispose();
  }
}

const listed: Readonly<Record<Stage, string>> = {
  features: 'conv_features.npy',
  projection: 'feature_projection.npy',
  positions: 'hidden_state_0.npy',
  hidden: 'last_hidden_state.npy',
};

async function utterance(golden: GoldenCase, model: Wav2Vec2, input: AudioInput): Promise<number[]> {
  const { samples } = await golden.audio('audio_16k.wav');
  const { rows, lengths } = preparedRows([samples], input);
  golden.put('input_values.npy', rows[0] ?? new Float32Array(0), [1, samples.length]);
  const taps = new Map<string, tf.Tensor>();
  const tap = (stage: Stage, x: tf.Tensor3D): void => {
    const kept = stage === 'features' ? tf.transpose(x, [0, 2, 1]) : tf.clone(x);
    taps.set(listed[stage], tf.keep(kept));
  };
  const scores = model.forward(rows, { tap, ...(lengths === undefined ? {} : { lengths }) });
  for (const [name, tensor] of taps) await golden.putTensor(name, tensor);
  const data = await scores.data<'float32'>();
  golden.put('logits.npy', data, scores.shape);
  const [, frames, classes] = scores.shape;
  const best = Array.from({ length: frames }, (_, t) =>
    argmax(data.subarray(t * classes, (t + 1) * classes)),
  );
  golden.putIds('argmax_ids.npy', best);
  putLoss(golden, model, data, frames);
  tf.dispose([scores, ...taps.values()]);
  return best;
}

/** As the model's own loss: by the length of the labels where the config says "mean". */
function putLoss(golden: GoldenCase, model: Wav2Vec2, scores: Float32Array, frames: number): void {
  const labels = golden.given('loss_labels', z.array(z.number()));
  if (labels === undefined) return;
  const { vocabulary: classes, blank, lossReduction, zeroInfinity } = model.config;
  const { losses } = ctcLoss(scores, { batch: 1, frames, classes }, [labels], { blank });
  const sum = losses[0] ?? NaN;
  const loss = zeroInfinity && !Number.isFinite(sum) ? 0 : sum;
  const reduced = lossReduction === 'mean' ? loss / Math.max(1, labels.length) : loss;
  golden.put('model_ctc_loss.npy', Float32Array.of(reduced), []);
}

/** Rows of different lengths, filled up; what was used of each is told by its range of the sound. */
async function batch(golden: GoldenCase, model: Wav2Vec2): Promise<void> {
  if (!golden.hasInput('batch/input_values.npy')) return;
  const { data, shape } = await golden.input('batch/input_values.npy');
  const [count = 0, length = 0] = shape;
  const rows = Array.from({ length: count }, (_, i) =>
    Float32Array.from(data.subarray(i * length, (i + 1) * length)),
  );
  const ranges = golden.given('batch_sample_ranges', z.array(z.tuple([z.number(), z.number()])));
  const lengths = ranges?.map(([start, end]) => end - start);
  const scores = model.forward(rows, lengths === undefined ? {} : { lengths });
  await golden.putTensor('batch/logits.npy', scores);
  scores.dispose();
}

async function texts(golden: GoldenCase, best: readonly number[]): Promise<void> {
  const vocab = await golden.json('vocab.json');
  if (vocab === undefined) return;
  const tokens = CtcTokens.fromJson(
    vocab,
    (await golden.json('tokenizer_config.json')) ?? {},
    (await golden.json('special_tokens_map.json')) ?? {},
  );
  const { text, words, letters } = tokens.decode(best);
  golden.putText('decoded', text);
  golden.putText('decoded_skip_special', withoutSpecialFirst(tokens, best));
  golden.putText('argmax_ids', best);
  putOffsets(golden, 'word_offsets_frames', 'word', words);
  putOffsets(golden, 'char_offsets_frames', 'char', letters);
  const decoded = golden.given('ctc_decode_cases', decodeCases)?.map(({ ids }) => ({
    ids,
    text: tokens.decode(ids).text,
    text_skip_special: withoutSpecialFirst(tokens, ids),
    text_no_group: tokens.decode(ids, { merge: false }).text,
  }));
  if (decoded !== undefined) golden.putText('ctc_decode_cases', decoded);
  const encoded = golden
    .given('tokenizer_encode_cases', encodeCases)
    ?.map((one) => ({ text: one.text, ids: tokens.encode(one.text) }));
  if (encoded !== undefined) golden.putText('tokenizer_encode_cases', encoded);
}

/** What the reference gives with `skip_special_tokens`: blanks go before repeats are merged, and double letters with them. */
function withoutSpecialFirst(tokens: CtcTokens, ids: readonly number[]): string {
  return tokens.decode(ids.filter((id) => !tokens.isSpecial(id))).text;
}

/** As many as are listed, from the first on. */
function putOffsets(golden: GoldenCase, name: string, key: string, spans: readonly CtcSpan[]): void {
  const most = golden.given(name, z.array(z.unknown()))?.length;
  const told = spans.map(({ text, start, end }) => ({ [key]: text, start_offset: start, end_offset: end }));
  golden.putText(name, told.slice(0, most));
}

export const wav2vec2Golden: GoldenFamily = {
  name: 'wav2vec2',
  matches: (golden) => isModel(golden, 'wav2vec2', /^Wav2Vec2/),
  run,
};
