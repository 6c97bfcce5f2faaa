/** The network in training: what it foretells, how sounds and frames are aligned, and how far it is off. */
import * as tf from '@tensorflow/tfjs-core';
import { model as modelOf, type LayersModel } from '@tensorflow/tfjs-layers';
import { monotonicAlignment, type AlignmentShape } from '../../../ml/voice/align';
import { placeWidth, writePath, writePlaces } from '../../../ml/voice/frames';
import type { Batch } from './batches';

export interface Losses {
  readonly total: tf.Scalar;
  /** Mean absolute difference of the normalised log-mels. */
  readonly mel: tf.Scalar;
  readonly duration: tf.Scalar;
  readonly prior: tf.Scalar;
}

export interface Foretold {
  readonly losses: Losses;
  /** Normalised log-mels `[batch, frames, mels]`, with the true lengths. */
  readonly mels: tf.Tensor3D;
  /** `[batch, sounds, 1]` */
  readonly logDurations: tf.Tensor3D;
  /** Of each utterance, the frames of each of its sounds by the best alignment. */
  readonly durations: readonly Int32Array[];
}

/** Makes batches alike, so that a longer batch does not count for more. */
const smallest = 1e-6;

/**
 * How far from the straight way through the utterance sounds may lie, as a share of its length, and what that costs in the
 * first epoch; in each further one it costs three tenths less.
 */
const straying = 0.06;
const firstHold = 20;

export class VoiceNetwork {
  /** How strongly alignments are held near the straight way, in log-likelihoods of a frame one deviation off it. */
  private hold = 0;
  private readonly encoder: LayersModel;
  private readonly decoder: LayersModel;
  private readonly alone: LayersModel;

  constructor(
    readonly model: LayersModel,
    private readonly mels: number,
  ) {
    const [ids, frames] = model.inputs;
    const [encoded, lengths, sound, alone] = model.outputs;
    if (!ids || !frames || !encoded || !lengths || !sound || !alone) throw new Error('the model is no voice');
    this.encoder = modelOf({ inputs: ids, outputs: [encoded, lengths] });
    this.decoder = modelOf({ inputs: frames, outputs: sound });
    this.alone = modelOf({ inputs: ids, outputs: alone });
  }

  /**
   * A network that knows no sound yet would take any alignment for the best and learn it: of two sounds that often meet, one
   * would take the frames of both. So in the first epochs each sound is held near its place among the others.
   * @param epoch from 1 on
   */
  beginEpoch(epoch: number): void {
    this.hold = firstHold * 0.7 ** (epoch - 1);
  }

  /** What is known of each sound, and the logarithms of their lengths. */
  encode(ids: tf.Tensor2D, training: boolean): readonly [tf.Tensor3D, tf.Tensor3D] {
    const [encoded, lengths] = this.encoder.apply(ids, { training }) as tf.Tensor3D[];
    if (encoded === undefined || lengths === undefined) throw new Error('the encoder gave nothing');
    return [encoded, lengths];
  }

  /** Sounds of these lengths, in frames, as log-mels. */
  decode(encoded: tf.Tensor3D, durations: readonly ArrayLike<number>[], training: boolean): tf.Tensor3D {
    return this.decoder.apply(framesOf(encoded, durations).frames, { training }) as tf.Tensor3D;
  }

  /**
   * Of a batch of one utterance: the log-likelihoods of its frames `[sounds, frames]`, up to a constant of each frame, and
   * the frames of each sound by the best alignment.
   */
  alignmentOf(batch: Batch): { readonly scores: Float32Array; readonly frames: Int32Array } {
    const { scores, durations } = tf.tidy(() => align(this.meansAlone(batch.ids), batch, 0));
    return { scores, frames: durations[0] ?? new Int32Array() };
  }

  /**
   * What the frames of each sound are like whatever stands beside it, `[batch, sounds, mels]`: the measure of alignments. Told
   * with its neighbours, the first of two sounds that often meet would learn to be like both and take the second's frames.
   */
  private meansAlone(ids: tf.Tensor2D): tf.Tensor3D {
    return this.alone.apply(ids) as tf.Tensor3D;
  }

  /** What they are like between these neighbours, `[batch, sounds, mels]`. */
  private meansOf(encoded: tf.Tensor3D): tf.Tensor3D {
    return tf.slice(encoded, [0, 0, encoded.shape[2] - this.mels], [-1, -1, this.mels]);
  }

  foretell(batch: Batch, training: boolean): Foretold {
    const [encoded, logDurations] = this.encode(batch.ids, training);
    const means = this.meansOf(encoded);
    const alone = this.meansAlone(batch.ids);
    const { durations } = align(alone, batch, this.hold);
    const { path, frames } = framesOf(encoded, durations, batch.mels.shape[1]);
    const mels = this.decoder.apply(frames, { training }) as tf.Tensor3D;
    const expected: readonly tf.Tensor3D[] = [means, alone].map((each) => tf.matMul(path, each));
    return {
      losses: lossesOf({ mels, expected, logDurations, durations }, batch),
      mels,
      logDurations,
      durations,
    };
  }
}

/** The best alignments by a Gaussian of one deviation round each sound's mean; no gradient goes through them. */
function align(
  means: tf.Tensor3D,
  { mels, symbols, tokens, frames }: Batch,
  hold: number,
): { readonly scores: Float32Array; readonly durations: Int32Array[] } {
  const scores = tf.tidy(() => {
    const halves = tf.mul(0.5, tf.sum(tf.square(means), -1, true));
    return tf.sub(tf.matMul(means, mels, false, true), halves);
  });
  const values = scores.dataSync<'float32'>();
  const [, sounds = 0, longest = 0] = scores.shape;
  const durations = Array.from(tokens, (count, i) => {
    const size = {
      tokens: count,
      frames: frames[i] ?? 0,
      stride: longest,
      offset: i * sounds * longest,
    };
    if (hold > 0) holdStraight(values, size, hold / (2 * straying ** 2));
    const own = symbols.subarray(i * sounds, i * sounds + count);
    return sharedAmongEquals(own, monotonicAlignment(values, size));
  });
  return { scores: values, durations };
}

/** Of a sound that follows itself no frame tells where the second begins: both get as many. */
function sharedAmongEquals(symbols: Int32Array, durations: Int32Array): Int32Array {
  for (let from = 0, to = 1; from < symbols.length; from = to, to++) {
    let frames = durations[from] ?? 0;
    for (; to < symbols.length && symbols[to] === symbols[from]; to++) frames += durations[to] ?? 0;
    for (let n = from; n < to; n++) {
      durations[n] = Math.ceil(frames / (to - n));
      frames -= durations[n] ?? 0;
    }
  }
  return durations;
}

/** Takes from each score by how far its frame is from where its token would be if all were equally long. */
function holdStraight(
  scores: Float32Array,
  { tokens, frames, stride, offset }: Required<AlignmentShape>,
  strength: number,
): void {
  for (let n = 0; n < tokens; n++) {
    for (let t = 0; t < frames; t++) {
      const off = (t + 0.5) / frames - (n + 0.5) / tokens;
      const at = offset + n * stride + t;
      scores[at] = (scores[at] ?? 0) - strength * off ** 2;
    }
  }
}

/** What is known of each frame, and the path it came by, `[batch, frames, sounds]`. */
function framesOf(
  encoded: tf.Tensor3D,
  durations: readonly ArrayLike<number>[],
  padded?: number,
): { readonly path: tf.Tensor3D; readonly frames: tf.Tensor3D } {
  const [batch, sounds] = encoded.shape;
  const longest =
    padded ?? Math.max(...durations.map((own) => Array.from(own).reduce((sum, each) => sum + each, 0)));
  const path = new Float32Array(batch * longest * sounds);
  const places = new Float32Array(batch * longest * placeWidth);
  durations.forEach((own, i) => {
    writePath(own, path, { stride: sounds, offset: i * longest * sounds });
    writePlaces(own, places, i * longest * placeWidth);
  });
  const way = tf.tensor3d(path, [batch, longest, sounds]);
  const where = tf.tensor3d(places, [batch, longest, placeWidth]);
  const known: tf.Tensor3D = tf.matMul(way, encoded);
  return { path: way, frames: tf.concat3d([known, where], 2) };
}

function lossesOf(
  {
    mels,
    expected,
    logDurations,
    durations,
  }: Omit<Foretold, 'losses'> & { readonly expected: readonly tf.Tensor3D[] },
  batch: Batch,
): Losses {
  const bands = mels.shape[2];
  const count = tf.add(tf.mul(tf.sum(batch.mask), bands), smallest);
  const mean = (values: tf.Tensor): tf.Scalar => tf.div(tf.sum(tf.mul(values, batch.mask)), count);
  const error: tf.Tensor3D = tf.mul(tf.sub(mels, batch.mels), batch.mask);
  const mel = mean(tf.abs(error));
  const delta = mean(tf.abs(tf.sub(error, shifted(error))));
  const priors = expected.map((each) => mean(tf.square(tf.sub(each, batch.mels))));
  const prior: tf.Scalar = tf.mul(0.5, tf.addN<tf.Scalar>(priors));
  const duration = durationLoss(logDurations, durations);
  return { total: tf.addN<tf.Scalar>([mel, delta, prior, duration]), mel, duration, prior };
}

/** Each frame's neighbour before it; the first is its own. */
function shifted(x: tf.Tensor3D): tf.Tensor3D {
  const length = x.shape[1];
  const first = tf.slice(x, [0, 0, 0], [-1, 1, -1]);
  return length < 2 ? first : tf.concat([first, tf.slice(x, [0, 0, 0], [-1, length - 1, -1])], 1);
}

function durationLoss(logDurations: tf.Tensor3D, durations: readonly Int32Array[]): tf.Scalar {
  const [batch, sounds] = logDurations.shape;
  const truth = new Float32Array(batch * sounds);
  const mask = new Float32Array(batch * sounds);
  durations.forEach((own, i) => {
    own.forEach((frames, n) => {
      truth[i * sounds + n] = Math.log(frames);
      mask[i * sounds + n] = 1;
    });
  });
  const present = tf.tensor3d(mask, [batch, sounds, 1]);
  const error = tf.sub(logDurations, tf.tensor3d(truth, [batch, sounds, 1]));
  return tf.div(tf.sum(tf.mul(tf.square(error), present)), tf.sum(present));
}
