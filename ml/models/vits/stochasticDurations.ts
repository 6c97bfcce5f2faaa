/** The stochastic duration predictor (Kim et al. 2021), run backwards: from noise, by flows of splines, to durations. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import type { WeightValues } from '../../weights/weights';
import { conv1d, loadConv1d, type Conv1d } from '../shared/conv1d';
import type { DurationConfig } from './config';
import type { DurationPredictor } from './durations';
import { loadSeparable, runSeparable, type Separable } from './separable';
import { splineAt } from './spline';

interface SplineFlow {
  readonly first: Conv1d;
  readonly stack: Separable;
  readonly last: Conv1d;
}

/** The two channels of the latents, a number for each letter. */
type Latents = readonly [Float32Array, Float32Array];

interface Parts {
  readonly first: Conv1d;
  readonly stack: Separable;
  readonly last: Conv1d;
  readonly speaker: Conv1d | undefined;
  /** In the order of the file. */
  readonly flows: readonly SplineFlow[];
  readonly translate: WeightValues;
  readonly logScale: WeightValues;
}

export class StochasticDurations implements DurationPredictor {
  private constructor(
    private readonly config: DurationConfig,
    private readonly parts: Parts,
  ) {}

  static async load(
    tensors: ModelTensors,
    config: DurationConfig,
    speakerWidth: number,
  ): Promise<StochasticDurations> {
    const { width, bins } = config;
    const at = 'duration_predictor';
    const flows: SplineFlow[] = [];
    // The first of the spline flows, which is second in the file, is only for training.
    for (let i = 2; i <= config.flows; i++) {
      flows.push({
        first: await loadConv1d(tensors, `${at}.flows.${i}.conv_pre`, { from: 1, to: width, size: 1 }),
        stack: await loadSeparable(tensors, `${at}.flows.${i}.conv_dds`, config),
        last: await loadConv1d(tensors, `${at}.flows.${i}.conv_proj`, {
          from: width,
          to: 3 * bins - 1,
          size: 1,
        }),
      });
    }
    const square = { from: width, to: width, size: 1 };
    return new StochasticDurations(config, {
      first: await loadConv1d(tensors, `${at}.conv_pre`, square),
      stack: await loadSeparable(tensors, `${at}.conv_dds`, config),
      last: await loadConv1d(tensors, `${at}.conv_proj`, square),
      speaker:
        speakerWidth > 0
          ? await loadConv1d(tensors, `${at}.cond`, { from: speakerWidth, to: width, size: 1 })
          : undefined,
      flows,
      translate: await tensors.values(`${at}.flows.0.translate`, [2, 1]),
      logScale: await tensors.values(`${at}.flows.0.log_scale`, [2, 1]),
    });
  }

  async predict(
    hidden: tf.Tensor4D,
    speaker: tf.Tensor4D | undefined,
    noise: Float32Array | undefined,
  ): Promise<Float32Array> {
    const length = hidden.shape[2];
    const context = this.context(hidden, speaker);
    try {
      const drawn = noise ?? new Float32Array(2 * length);
      let latents: Latents = [drawn.slice(0, length), drawn.slice(length, 2 * length)];
      for (const flow of this.parts.flows.toReversed()) {
        latents = await this.bend([latents[1], latents[0]], flow, context);
      }
      // The channels change places once more before the last flow, of which one is the answer.
      const { translate, logScale } = this.parts;
      return latents[1].map((z) => (z - (translate.data[0] ?? 0)) * Math.exp(-(logScale.data[0] ?? 0)));
    } finally {
      context.dispose();
    }
  }

  private context(hidden: tf.Tensor4D, speaker: tf.Tensor4D | undefined): tf.Tensor4D {
    const { first, stack, last, speaker: condition } = this.parts;
    return tf.tidy(() => {
      const x = conv1d(hidden, first);
      const told =
        speaker === undefined || condition === undefined
          ? x
          : tf.add<tf.Tensor4D>(x, conv1d(speaker, condition));
      return conv1d(runSeparable(told, stack), last);
    });
  }

  /** The second channel back through splines that the first one and the text shape. */
  private async bend([known, other]: Latents, flow: SplineFlow, context: tf.Tensor4D): Promise<Latents> {
    const { bins, tail, width } = this.config;
    const length = known.length;
    const shaped = tf.tidy(() => {
      const x = conv1d(tf.tensor4d(known, [1, 1, length, 1]), flow.first);
      return conv1d(runSeparable(tf.add(x, context), flow.stack), flow.last);
    });
    try {
      const parameters = await shaped.data<'float32'>();
      const size = 3 * bins - 1;
      const scale = 1 / Math.sqrt(width);
      const bent = other.map((z, i) => {
        // Widths and heights are divided, derivatives are not.
        const own = parameters
          .slice(i * size, (i + 1) * size)
          .map((one, j) => (j < 2 * bins ? one * scale : one));
        return splineAt(z, own, { bins, tail }, true).value;
      });
      return [known, bent];
    } finally {
      shaped.dispose();
    }
  }
}
