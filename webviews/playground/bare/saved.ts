/** What the page remembers of the form of a model without metadata. */
import * as z from 'zod';
import { colourOrders, imageRanges } from '../../../ml/bare/imagePixels';

const amount = z.string().max(20);

export const inputKinds = ['image', 'sound', 'numbers'] as const;
export type InputKind = (typeof inputKinds)[number];
export const features = ['samples', 'stft', 'logMel'] as const;
export const fills = ['typed', 'zeros', 'random'] as const;
export const viewKinds = ['scores', 'image', 'line', 'heat', 'table'] as const;
export type ViewKind = (typeof viewKinds)[number];

/** Fields are as they were typed. */
export const savedInput = z.object({
  kind: z.enum(inputKinds).optional(),
  fill: z.enum(fills).optional(),
  text: z.string().max(100_000).optional(),
  width: amount.optional(),
  height: amount.optional(),
  fit: z.enum(['crop', 'stretch']).optional(),
  order: z.enum(colourOrders).optional(),
  range: z.enum(imageRanges).optional(),
  features: z.enum(features).optional(),
  sampleRate: amount.optional(),
  nFft: amount.optional(),
  hop: amount.optional(),
  mels: amount.optional(),
  fMin: amount.optional(),
  fMax: amount.optional(),
  windowLength: amount.optional(),
  windowHop: amount.optional(),
});
export type SavedInput = z.infer<typeof savedInput>;

export const savedBare = z.object({
  inputs: z.record(z.string(), savedInput).default({}),
  views: z.record(z.string(), z.enum(viewKinds)).default({}),
});
export type SavedBare = z.infer<typeof savedBare>;

export const freshBare: SavedBare = { inputs: {}, views: {} };

/** By the model's folder, the last used last. */
export const savedForms = z.array(z.object({ path: z.string(), form: savedBare })).max(20);
export type SavedForms = z.infer<typeof savedForms>;

export function formOf(forms: SavedForms | undefined, path: string): SavedBare {
  return forms?.find((one) => one.path === path)?.form ?? freshBare;
}

export function withForm(forms: SavedForms | undefined, path: string, form: SavedBare): SavedForms {
  return [...(forms ?? []).filter((one) => one.path !== path), { path, form }].slice(-20);
}
