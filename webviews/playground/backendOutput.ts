/** The backend's answer in the form of the page's own. */
import * as z from 'zod';
import type { InferenceResult } from '../../protocol/model/inference';
import { backendTensors } from './bareInput';
import type { ModelOutput } from './model';

const spokenOutput = z.object({
  words: z.array(z.object({ word: z.string(), phonemes: z.array(z.string()) })),
});

/** Of a recogniser. */
const heardOutput = z.object({
  text: z.string(),
  values: z.array(z.object({ start: z.number(), end: z.number(), text: z.string() })),
});

/** `{price: 12.5}`: the amounts of a row. */
const amounts = z
  .record(z.string(), z.number())
  .refine((named) => Object.keys(named).length > 0)
  .transform((named) => Object.entries(named).map(([name, value]) => ({ name, value })));

export function backendOutput(output: InferenceResult['output']): Omit<ModelOutput, 'runMs'> {
  if (output.labels !== undefined) return { labels: output.labels };
  const named = amounts.safeParse(output.values);
  if (named.success) return { amounts: named.data };
  const heard = heardOutput.safeParse(output);
  if (heard.success) return { transcript: { text: heard.data.text, segments: heard.data.values } };
  const spoken = spokenOutput.safeParse(output.values);
  return spoken.success ? { words: spoken.data.words } : { values: backendTensors(output.values) };
}

/** Phonemes of all words in one line; undefined for other models. */
export function spokenWords(output: Pick<ModelOutput, 'words'>): string | undefined {
  return output.words?.map(({ phonemes }) => phonemes.join(' ')).join(' · ');
}
