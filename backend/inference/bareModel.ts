/** Runs a tf.js model that says nothing about itself: tensors in, tensors out; or a sound, made into one of them. */
import { z } from 'zod';
import type { BareModel } from '../../ml/bare/bareModel';
import { plainOutput, type PlainOutput, type TensorOutput } from '../../ml/bare/outputs';
import { runOnSound, runOnValues } from '../../ml/bare/run';
import { audioParameters } from '../../ml/bare/soundWindows';
import { MlError } from '../../ml/errors';
import type { InferenceParams } from '../../protocol/model/inference';
import { readSound } from './sound';

/** More numbers than that are no answer to be sent as text. */
const mostNumbers = 8_000_000;

export const bareTasks = { layers: 'layers-model', graph: 'graph-model' } as const;

const bareParameters = z.strictObject({ audio: audioParameters.optional() });

export interface BareAnswer {
  /** One output alone, several as a list in the model's order. */
  readonly values: PlainOutput | PlainOutput[];
  readonly audioSeconds?: number;
}

/** Rejects with `input.invalid`, `model.unsupported`, or for the sound as `readSound` does. */
export async function runBare(
  model: BareModel,
  { input, parameters }: InferenceParams,
  signal: AbortSignal,
): Promise<BareAnswer> {
  const { audio } = checked(parameters);
  if (input.audioPath === undefined) {
    if (audio !== undefined)
      throw new MlError('input.invalid', 'parameters.audio needs input.audioPath, a sound file.');
    return { values: asValues(await runOnValues(model, input.values)) };
  }
  if (audio === undefined) {
    const wanted = 'parameters.audio, which says how the sound becomes the input: at least {sampleRate}';
    throw new MlError('input.invalid', `With input.audioPath a bare model needs ${wanted}.`);
  }
  const samples = await readSound({ input }, audio.sampleRate);
  const others = z.record(z.string(), z.unknown()).safeParse(input.values ?? {});
  if (!others.success)
    throw new MlError('input.invalid', 'Beside a sound input.values is an object by input name.');
  const outputs = await runOnSound(model, { samples, parameters: audio }, others.data, signal);
  return { values: asValues(outputs), audioSeconds: samples.length / audio.sampleRate };
}

function checked(given: unknown): z.output<typeof bareParameters> {
  const parsed = bareParameters.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const at = ['parameters', ...(issue?.path ?? [])].join('.');
  throw new MlError('input.invalid', `${at}: ${issue?.message ?? ''}.`);
}

function asValues(outputs: readonly TensorOutput[]): PlainOutput | PlainOutput[] {
  const numbers = outputs.reduce((sum, { data }) => sum + data.length, 0);
  if (numbers > mostNumbers) {
    throw new MlError('input.invalid', `The model answers ${numbers} numbers at once; give it less input.`);
  }
  const plain = outputs.map(plainOutput);
  return plain.length === 1 && plain[0] !== undefined ? plain[0] : plain;
}
