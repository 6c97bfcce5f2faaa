/** Why a loss is no longer a finite number: what is known about the step it happened in, in words and in figures. */
import * as tf from '@tensorflow/tfjs-core';
import { StudioError } from '../../protocol/wire/errors';

export interface Divergence {
  readonly metric: string;
  /** Steps taken before it. */
  readonly step: number;
  /** The epoch under way, from 1, and the batch in it, from 1; absent when it showed in the evaluation. */
  readonly epoch: number;
  readonly batchIndex?: number | undefined;
  readonly batch?: tf.TensorContainer;
  readonly learningRate: number;
  readonly clipped: boolean;
  readonly weights: readonly tf.Variable[];
  /** `layer/weight`, in the order of the weights. */
  readonly names: readonly string[];
  /** Name of the checkpoint to go on from. */
  readonly checkpoint: string | undefined;
}

/** Weights beyond this are on their way out. */
const large = 1e3;

interface Extent {
  readonly finite: boolean;
  readonly largest: number;
}

export function divergedError(found: Divergence): StudioError {
  const { metric, step, epoch, batchIndex, learningRate, checkpoint } = found;
  const input = inputExtent(found.batch);
  const weights = found.weights.map((weight, i) => ({ name: found.names[i] ?? '', ...extentOf(weight) }));
  const broken = weights.filter(({ finite }) => !finite).map(({ name }) => name);
  const largest = weights.reduce((top, one) => (one.largest > top.largest ? one : top), {
    name: '',
    largest: 0,
  });
  const where = batchIndex === undefined ? `epoch ${epoch}` : `epoch ${epoch}, batch ${batchIndex}`;
  const sentences = [
    `\`${metric}\` is no longer a finite number after step ${step} (${where}).`,
    ...causes(found, input, broken, largest),
    checkpoint === undefined
      ? 'No checkpoint was made before.'
      : `The checkpoint ${checkpoint} is kept and whole.`,
  ];
  const facts = {
    metric,
    step,
    epoch,
    batch: batchIndex,
    learningRate,
    layers: broken.slice(0, 20),
    checkpoint,
  };
  const details = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
  return new StudioError('training.diverged', sentences.join(' '), { details });
}

function causes(
  { learningRate, clipped }: Divergence,
  input: Extent | undefined,
  broken: readonly string[],
  largest: { readonly name: string; readonly largest: number },
): string[] {
  if (input?.finite === false) {
    return ['The batch itself holds NaN or infinite numbers: look for empty or broken examples in the data.'];
  }
  const rate = Number(learningRate.toPrecision(3));
  const lower = `Lower training.optimizer.learningRate (it was ${rate})`;
  const clip = clipped ? 'lower training.clipNorm' : 'set training.clipNorm (1 is a good start)';
  const advice = `${lower}, ${clip}, or look for extreme values in the data.`;
  const seen: string[] = [];
  if (broken.length > 0) {
    const rest = broken.length > 3 ? ` and ${broken.length - 3} more` : '';
    seen.push(
      `The weights of ${broken.slice(0, 3).join(', ')}${rest} left the range of numbers: the steps were too long.`,
    );
  } else if (largest.largest > large) {
    seen.push(
      `The weights of ${largest.name} have grown to ${Number(largest.largest.toPrecision(3))}: the steps are too long.`,
    );
  }
  if (input !== undefined && input.largest > large) {
    seen.push(`The batch holds numbers of up to ${Number(input.largest.toPrecision(3))}: scale the data.`);
  }
  return [...seen, advice];
}

function inputExtent(batch: tf.TensorContainer | undefined): Extent | undefined {
  if (batch === undefined) return undefined;
  const extents = tensorsIn(batch)
    .filter(({ dtype }) => dtype === 'float32')
    .map(extentOf);
  return {
    finite: extents.every(({ finite }) => finite),
    largest: Math.max(0, ...extents.map((one) => one.largest)),
  };
}

function tensorsIn(container: tf.TensorContainer): tf.Tensor[] {
  if (container instanceof tf.Tensor) return [container];
  if (typeof container !== 'object') return [];
  return Object.values(container).flatMap((one) => tensorsIn(one));
}

function extentOf(tensor: tf.Tensor): Extent {
  const values = tensor.dataSync<'float32'>();
  let largest = 0;
  let finite = true;
  for (const value of values) {
    if (!Number.isFinite(value)) finite = false;
    else if (Math.abs(value) > largest) largest = Math.abs(value);
  }
  return { finite, largest };
}
