/** VITS (Kim et al. 2021) as transformers lays it out: from letters to a waveform, one utterance at a time. */
import * as tf from '@tensorflow/tfjs-core';
import { MlError } from '../../errors';
import { ModelTensors } from '../../weights/modelTensors';
import { rooted } from '../../weights/views';
import type { Weights } from '../../weights/weights';
import { Generator } from '../hifigan/generator';
import { asSequence } from '../shared/conv1d';
import type { VitsConfig } from './config';
import { framesOf, PlainDurations, type DurationPredictor } from './durations';
import { loadFlow, reverseFlow, type Coupling } from './flow';
import { StochasticDurations } from './stochasticDurations';
import { TextEncoder, type Prior } from './textEncoder';

interface Parts {
  readonly encoder: TextEncoder;
  readonly durations: DurationPredictor;
  readonly couplings: readonly Coupling[];
  readonly generator: Generator;
  /** `[speakers, width]` */
  readonly speakers: tf.Tensor2D | undefined;
}

/** The steps of an utterance, each on its own; tensors that they answer are the caller's. `speak` strings them together. */
export class Vits {
  private constructor(
    readonly config: VitsConfig,
    private readonly tensors: ModelTensors,
    private readonly parts: Parts,
  ) {}

  /** Rejects with `model.corrupt` when the weights are not those of the config. Frees what it has read then. */
  static async load(weights: Weights, config: VitsConfig): Promise<Vits> {
    const own = rooted(weights, ['', 'vits.'], 'text_encoder.embed_tokens.weight');
    const tensors = new ModelTensors(own);
    const { speakers, speakerWidth: width, duration } = config;
    try {
      const encoder = await TextEncoder.load(tensors, config);
      const durations = await (duration.stochastic
        ? StochasticDurations.load(tensors, duration, width)
        : PlainDurations.load(tensors, duration, width));
      const couplings = await loadFlow(tensors, config.flow, width);
      const generator = await Generator.load(tensors, 'decoder.', config.generator);
      const table = speakers > 1 ? await tensors.take('embed_speaker.weight', [speakers, width]) : undefined;
      const parts = { encoder, durations, couplings, generator, speakers: table as tf.Tensor2D | undefined };
      return new Vits(config, tensors, parts);
    } catch (error) {
      tensors.dispose();
      throw error;
    }
  }

  get generator(): Generator {
    return this.parts.generator;
  }

  /** Throws `input.invalid` for tokens that the model does not have. */
  encode(ids: readonly number[]): Prior {
    const { vocabulary } = this.config;
    const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabulary);
    if (wrong !== undefined)
      throw new MlError('input.invalid', `Token ${wrong} is not among the model's ${vocabulary}.`);
    if (ids.length === 0)
      throw new MlError('input.invalid', 'The text has no letter that the voice can speak.');
    return tf.tidy(() => {
      const { hidden, means, logVariances } = this.parts.encoder.run(ids);
      return { hidden, means, logVariances };
    });
  }

  /**
   * The speaker's embedding, `[1, 1, 1, width]`; undefined in a model of one voice. Throws `input.invalid`.
   * @param id 0 by default
   */
  speaker(id = 0): tf.Tensor4D | undefined {
    const { speakers, speakerWidth } = this.config;
    if (!Number.isInteger(id) || id < 0 || id >= speakers)
      throw new MlError('input.invalid', `The model has no speaker ${id}: it knows 0 to ${speakers - 1}.`);
    const table = this.parts.speakers;
    if (table === undefined) return undefined;
    return tf.tidy(() => tf.reshape(tf.slice2d(table, [id, 0], [1, speakerWidth]), [1, 1, 1, speakerWidth]));
  }

  /**
   * The logarithm of each letter's frames.
   * @param noise `[2, letters]`, normal with the deviation wanted; a deterministic predictor takes none
   */
  async logDurations(
    hidden: tf.Tensor2D,
    speaker?: tf.Tensor4D,
    noise?: Float32Array,
  ): Promise<Float32Array> {
    const sequence = asSequence(hidden);
    try {
      return await this.parts.durations.predict(sequence, speaker, noise);
    } finally {
      sequence.dispose();
    }
  }

  /** Frames of each letter. Throws `model.corrupt` for numbers that are none. */
  frames(logs: Float32Array, speakingRate = this.config.speakingRate): Int32Array {
    if (!(speakingRate > 0))
      throw new MlError('input.invalid', `A speaking rate of ${speakingRate} is none: it is above 0.`);
    return framesOf(logs, speakingRate);
  }

  /**
   * Each letter's prior for its frames, `[1, 1, frames, channels]`.
   * @param noise normal with the deviation wanted, from the number of frames: `[frames, channels]`
   */
  expand(prior: Prior, frames: Int32Array, noise?: (frames: number) => Float32Array): tf.Tensor4D {
    const { channels } = this.config.flow;
    const letters = Array.from(frames).flatMap((count, letter) => new Array<number>(count).fill(letter));
    return tf.tidy(() => {
      // Nothing to say is one frame of nothing.
      const spread = (x: tf.Tensor2D): tf.Tensor2D =>
        letters.length === 0 ? tf.zeros([1, channels]) : tf.gather(x, tf.tensor1d(letters, 'int32'));
      const means = spread(prior.means);
      if (noise === undefined) return asSequence(means);
      const drawn = tf.tensor2d(noise(means.shape[0]), [means.shape[0], channels]);
      return asSequence(tf.add(means, tf.mul(drawn, tf.exp(spread(prior.logVariances)))));
    });
  }

  /** The decoder's input, `[1, 1, frames, channels]`. */
  flow(latents: tf.Tensor4D, speaker?: tf.Tensor4D): tf.Tensor4D {
    return tf.tidy(() => reverseFlow(latents, this.parts.couplings, speaker));
  }

  /** `[1, samples]`, −1..1. */
  decode(latents: tf.Tensor4D, speaker?: tf.Tensor4D): tf.Tensor2D {
    return tf.tidy(() => this.parts.generator.decode(latents, speaker));
  }

  dispose(): void {
    this.generator.dispose();
    this.tensors.dispose();
  }
}
