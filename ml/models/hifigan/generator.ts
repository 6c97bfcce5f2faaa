/** HiFi-GAN's generator (Kong et al. 2020): from latents or a spectrogram to a waveform, whole or in pieces. */
import * as tf from '@tensorflow/tfjs-core';
import { CompiledSet } from '../../kernels/compiled';
import type { ModelTensors } from '../../weights/modelTensors';
import { conv1d, loadConv1d, type Conv1d } from '../shared/conv1d';
import { leakyRelu } from '../shared/leaky';
import type { GeneratorConfig } from './config';
import { loadResidual, residualReach, runResiduals, type Residual } from './residual';
import { loadTransposed, transposed, transposedLength, type Transposed } from './transposed';

interface Stage {
  readonly up: Transposed;
  readonly blocks: readonly Residual[];
}

/** torch's default slope of a leaky ReLU, which the last one has whatever the config says. */
const lastSlope = 0.01;
const edgeSize = 7;

export class Generator {
  private readonly compiled = new CompiledSet();

  private constructor(
    readonly config: GeneratorConfig,
    private readonly first: Conv1d,
    private readonly stages: readonly Stage[],
    private readonly last: Conv1d,
    private readonly speaker: Conv1d | undefined,
  ) {}

  /** Reads the layers below `prefix` (`decoder.`, or nothing). Rejects with `model.corrupt`; `tensors` owns them all. */
  static async load(tensors: ModelTensors, prefix: string, config: GeneratorConfig): Promise<Generator> {
    const { inputs, channels, upsamplings, blocks, slope, lastBias } = config;
    const first = await loadConv1d(tensors, `${prefix}conv_pre`, {
      from: inputs,
      to: channels,
      size: edgeSize,
    });
    const stages: Stage[] = [];
    let from = channels;
    for (const [i, shape] of upsamplings.entries()) {
      const to = Math.floor(channels / 2 ** (i + 1));
      // The blocks' mean is taken here: a leaky ReLU lets a factor through.
      const scale = i === 0 ? 1 : 1 / blocks.length;
      const up = await loadTransposed(tensors, `${prefix}upsampler.${i}`, { from, to, ...shape }, scale);
      const residuals: Residual[] = [];
      for (const [j, block] of blocks.entries()) {
        const name = `${prefix}resblocks.${i * blocks.length + j}`;
        residuals.push(await loadResidual(tensors, name, to, block, slope));
      }
      stages.push({ up, blocks: residuals });
      from = to;
    }
    const last = await loadConv1d(tensors, `${prefix}conv_post`, {
      from,
      to: 1,
      size: edgeSize,
      bias: lastBias,
      scale: 1 / blocks.length,
    });
    const speaker =
      config.speaker > 0 && tensors.weights.has(`${prefix}cond.weight`)
        ? await loadConv1d(tensors, `${prefix}cond`, { from: config.speaker, to: channels, size: 1 })
        : undefined;
    return new Generator(config, first, stages, last, speaker);
  }

  /** Samples for `frames` frames. */
  samples(frames: number): number {
    return this.config.upsamplings.reduce(transposedLength, frames);
  }

  /** Samples for each frame, but for a few at the ends where a kernel and its stride differ by an odd number. */
  get hop(): number {
    return this.config.upsamplings.reduce((product, { stride }) => product * stride, 1);
  }

  /** Frames on each side that a sample depends on. */
  get reach(): number {
    const edge = (edgeSize - 1) / 2;
    const { upsamplings, blocks } = this.config;
    let samples = edge;
    for (const { size, stride } of upsamplings.toReversed())
      samples = Math.ceil((samples + residualReach(blocks) + (size + stride) / 2) / stride);
    return samples + edge;
  }

  /**
   * Call inside `tf.tidy`.
   * @param latents `[batch, 1, frames, inputs]`
   * @param speaker `[1, 1, 1, speaker]` of a model with several
   * @returns `[batch, samples]`, −1..1
   */
  decode(latents: tf.Tensor4D, speaker?: tf.Tensor4D): tf.Tensor2D {
    const kind = `${latents.shape[0]} ${speaker === undefined ? 'alone' : 'of a speaker'}`;
    const program = this.compiled.of(kind, ([given, voice]) => [
      this.run(given as tf.Tensor4D, voice as tf.Tensor4D | undefined),
    ]);
    return program.run(speaker === undefined ? [latents] : [latents, speaker])[0] as tf.Tensor2D;
  }

  private run(latents: tf.Tensor4D, speaker: tf.Tensor4D | undefined): tf.Tensor2D {
    return tf.tidy(() => {
      let x = conv1d(latents, this.first);
      if (speaker !== undefined && this.speaker !== undefined) x = tf.add(x, conv1d(speaker, this.speaker));
      for (const { up, blocks } of this.stages) {
        const before = x;
        x = tf.tidy(() => transposed(leakyRelu(before, this.config.slope), up));
        before.dispose();
        const wide = x;
        x = runResiduals(wide, blocks);
        wide.dispose();
      }
      const wave = tf.tanh(conv1d(leakyRelu(x, lastSlope), this.last));
      return tf.reshape(wave, [latents.shape[0], -1]);
    });
  }

  /** What was made of the layers; those are their owner's. */
  dispose(): void {
    this.compiled.dispose();
  }
}
