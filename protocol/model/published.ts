/** What `inference/run` does with a downloaded model, told from the library's record of it. */
import * as z from 'zod';
import { runsHere } from './hubModel';
import type { Model } from './model';

/** The hub's words. A BERT's head decides between classes of the text and of its words; its answer tells which. */
export const publishedTask = z.enum([
  'text-to-speech',
  'automatic-speech-recognition',
  'text-classification',
  'text-generation',
]);
export type PublishedTask = z.infer<typeof publishedTask>;

/** By `model_type` of the model's config.json. */
const tasks: Readonly<Record<string, PublishedTask>> = {
  vits: 'text-to-speech',
  whisper: 'automatic-speech-recognition',
  wav2vec2: 'automatic-speech-recognition',
  bert: 'text-classification',
  gpt2: 'text-generation',
};
/** Weights that are read without running anything. */
const formats: readonly string[] = ['safetensors', 'pytorch'];

/** Undefined for a model of another family, in another format, or one that is not whole. */
export function publishedTaskOf(
  model: Pick<Model, 'architecture' | 'format' | 'status' | 'metadata'>,
): PublishedTask | undefined {
  const { architecture, format, status, metadata } = model;
  // What a runtime runs says its task itself: its architectures are many.
  if (status === 'ready' && format === 'onnx') {
    const judged = runsHere.safeParse(metadata['runsHere']);
    return judged.data?.verdict === 'yes' ? publishedTask.safeParse(metadata['task']).data : undefined;
  }
  if (status !== 'ready' || architecture === undefined || format === undefined) return undefined;
  if (!formats.includes(format) || !Object.hasOwn(tasks, architecture)) return undefined;
  return tasks[architecture];
}

/** Goya's own tasks that do what models of the hub do. */
const trainedTasks: Readonly<Record<string, PublishedTask>> = {
  'text-to-speech': 'text-to-speech',
  'speech-recognition': 'automatic-speech-recognition',
};

/** What speaks or listens, whether it was downloaded or trained here. */
export function speechTaskOf(
  model: Pick<Model, 'architecture' | 'format' | 'status' | 'metadata'>,
): PublishedTask | undefined {
  const { architecture = '', format, status, metadata } = model;
  if (metadata['source'] !== 'trained') return publishedTaskOf(model);
  if (status !== 'ready' || format !== 'tfjs-layers' || !Object.hasOwn(trainedTasks, architecture))
    return undefined;
  return trainedTasks[architecture];
}
