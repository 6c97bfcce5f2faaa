/** The normalising flow between the text's prior and the decoder's latents: mean-only coupling layers, run backwards. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { conv1d, loadConv1d, type Conv1d } from '../shared/conv1d';
import { halves } from '../shared/halves';
import type { FlowConfig } from './config';
import { loadWavenet, runWavenet, type Wavenet } from './wavenet';

export interface Coupling {
  readonly first: Conv1d;
  readonly wavenet: Wavenet;
  readonly last: Conv1d;
}

export async function loadFlow(
  tensors: ModelTensors,
  config: FlowConfig,
  speakerWidth: number,
): Promise<Coupling[]> {
  const half = config.channels / 2;
  const couplings: Coupling[] = [];
  for (let i = 0; i < config.flows; i++) {
    const at = `flow.flows.${i}`;
    couplings.push({
      first: await loadConv1d(tensors, `${at}.conv_pre`, { from: half, to: config.width, size: 1 }),
      wavenet: await loadWavenet(tensors, `${at}.wavenet`, config, speakerWidth),
      last: await loadConv1d(tensors, `${at}.conv_post`, { from: config.width, to: half, size: 1 }),
    });
  }
  return couplings;
}

/** Call inside `tf.tidy`. `latents` and the answer are `[1, 1, frames, channels]`. */
export function reverseFlow(
  latents: tf.Tensor4D,
  couplings: readonly Coupling[],
  speaker: tf.Tensor4D | undefined,
): tf.Tensor4D {
  return couplings.toReversed().reduce<tf.Tensor4D>(
    (state, { first, wavenet, last }) =>
      tf.tidy(() => {
        const [known, rest] = halves(tf.reverse(state, 3));
        const mean = conv1d(runWavenet(conv1d(known, first), wavenet, speaker), last);
        return tf.concat([known, tf.sub<tf.Tensor4D>(rest, mean)], 3);
      }),
    latents,
  );
}
