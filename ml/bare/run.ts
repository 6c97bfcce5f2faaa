/** One answer of a bare model: tensors made, asked and freed whatever happens; a sound window after window. */
import * as tf from '@tensorflow/tfjs-core';
import { MlError } from '../errors';
import type { BareModel } from './bareModel';
import { readInputs, type TensorInput } from './inputs';
import { joinWindows } from './joinWindows';
import { readOutputs, type TensorOutput } from './outputs';
import { toTensor } from './toTensor';
import { heardInput, soundWindows, type AudioParameters } from './soundWindows';

export interface HeardSound {
  /** Mono, at `parameters.sampleRate`. */
  readonly samples: Float32Array;
  readonly parameters: AudioParameters;
}

/** `{shape, data}` for each input, checked against the model. Rejects as `readInputs` and `predict` do. */
export async function runOnValues(model: BareModel, values: unknown): Promise<TensorOutput[]> {
  return predictOnce(model, readInputs(model.inputs, values));
}

/**
 * `others`: the inputs that do not hear, by their names; the same for each window of the sound.
 * Rejects with `input.invalid` where the sound does not become the input.
 */
export async function runOnSound(
  model: BareModel,
  { samples, parameters }: HeardSound,
  others: Readonly<Record<string, unknown>> = {},
  signal?: AbortSignal,
): Promise<TensorOutput[]> {
  const heard = heardInput(model.inputs, parameters.input);
  const windows = soundWindows(heard, samples, parameters);
  const answers: TensorOutput[][] = [];
  for (let k = 0; k < windows.count; k++) {
    signal?.throwIfAborted();
    const values = { ...others, [heard.name]: { shape: windows.shape, data: windows.cut(k) } };
    answers.push(await predictOnce(model, readInputs(model.inputs, values)));
  }
  return joinWindows(answers, windows);
}

async function predictOnce(model: BareModel, inputs: readonly TensorInput[]): Promise<TensorOutput[]> {
  const tensors = model.inputs.map((spec, i) => {
    const given = inputs[i];
    if (given === undefined) throw new MlError('input.invalid', `The input "${spec.name}" is missing.`);
    return toTensor(spec, given);
  });
  try {
    const answers = await model.predict(tensors);
    try {
      return await readOutputs(model.outputs, answers);
    } finally {
      tf.dispose(answers);
    }
  } finally {
    tf.dispose(tensors);
  }
}
