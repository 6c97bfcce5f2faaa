import * as z from 'zod';
import { bytes, time } from './common';

export const hubModel = z.object({
  repoId: z.string(),
  task: z.string().optional(),
  library: z.string().optional(),
  tags: z.array(z.string()),
  downloads: z.number().int().nonnegative(),
  likes: z.number().int().nonnegative(),
  lastModified: time.optional(),
  licence: z.string().optional(),
  gated: z.boolean(),
  private: z.boolean(),
  /** Two-letter codes, from either tag spelling (`fa`, `language:fa`). */
  languages: z.array(z.string()),
});
export type HubModel = z.infer<typeof hubModel>;

export const hubFile = z.object({ path: z.string(), size: bytes, sha256: z.string().optional() });
export type HubFile = z.infer<typeof hubFile>;

export const runsHere = z.object({
  verdict: z.enum(['yes', 'slow', 'no', 'unknown']),
  engine: z.string().optional(),
  reason: z.string(),
});
export type RunsHere = z.infer<typeof runsHere>;

/** Who may have the files. */
export const hubAccess = z.object({
  /** `auto`: whoever accepts the conditions has access at once; `manual`: the authors decide on each request. */
  gated: z.union([z.literal(false), z.enum(['auto', 'manual'])]),
  /** Whether the token in force (or nobody's) gets the files now; absent when the hub did not say. */
  granted: z.boolean().optional(),
  /** The page on which conditions are accepted. */
  url: z.string(),
  /** What must be done, in English; empty when nothing must. */
  explanation: z.string(),
});
export type HubAccess = z.infer<typeof hubAccess>;

export const onnxTensor = z.object({
  name: z.string(),
  /** As ONNX names it: `float`, `int64`…; absent when the file does not tell. */
  type: z.string().optional(),
  /** A number, or the name of what varies (`batch_size`); `?` when it is not told. */
  shape: z.array(z.union([z.number(), z.string()])).optional(),
});
export type OnnxTensor = z.infer<typeof onnxTensor>;

/** What the head and the tail of an ONNX file say; everything that they left out, or that lay too far inside, is absent. */
export const onnxMetadata = z.object({
  path: z.string(),
  irVersion: z.number().optional(),
  producer: z.string().optional(),
  opsets: z.array(z.object({ domain: z.string(), version: z.number() })),
  inputs: z.array(onnxTensor).optional(),
  outputs: z.array(onnxTensor).optional(),
  /** `metadata_props`, and for a Piper voice what its `.onnx.json` adds: `model_type`, `sample_rate`, `language`… */
  properties: z.record(z.string(), z.string()),
  /** Files that hold the weights, relative to the repository. */
  externalData: z.array(z.string()),
});
export type OnnxMetadata = z.infer<typeof onnxMetadata>;

/** What the weights are, told before a download. */
export const hubWeights = z.object({
  /** Every format among the files, the best one first, in the words that people use: `safetensors`, `ONNX`… */
  formats: z.array(z.string()),
  architecture: z.string().optional(),
  parameters: z.number().optional(),
  /** The type that most parameters are stored in. */
  dtype: z.string().optional(),
  /** Memory for the weights alone, as they are stored. */
  memoryBytes: bytes.optional(),
  /** `only`: there is no form but a pickle, which can run code when it is opened; `avoidable`: another form is there too. */
  pickle: z.enum(['none', 'avoidable', 'only']),
  onnx: onnxMetadata.optional(),
});
export type HubWeights = z.infer<typeof hubWeights>;

/** A model of the same kind that asks less of the machine. */
export const comparableModel = z.object({
  repoId: z.string(),
  title: z.string(),
  sizeBytes: bytes,
  /** Picks its files in a repository that holds several. */
  include: z.array(z.string()).optional(),
});
export type ComparableModel = z.infer<typeof comparableModel>;

export const hubModelDetails = hubModel.extend({
  commit: z.string(),
  files: z.array(hubFile),
  totalBytes: bytes,
  runsHere,
  access: hubAccess.optional(),
  weights: hubWeights.optional(),
  /** Where card, tags and Goya's own list disagree about the licence. */
  licenceNote: z.string().optional(),
  comparable: comparableModel.optional(),
});
export type HubModelDetails = z.infer<typeof hubModelDetails>;
