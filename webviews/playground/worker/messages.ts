/** What the page and the worker that runs published models say to each other. */
import * as z from 'zod';
import { heardProgress, inferenceResult, writtenProgress } from '../../../protocol/model/inference';
import { notification, request } from '../../../protocol/wire/spec';
import { engineChoices, engineNames } from '../engineNames';

const memory = z.object({ bytes: z.number(), tensors: z.number() });
const samples = z.custom<Float32Array>((value) => value instanceof Float32Array);

/** Loads the model of a folder whose files are those. */
export const workerLoad = request(
  'worker/load',
  z.object({
    files: z.array(z.object({ name: z.string(), size: z.number() })),
    engine: z.enum(engineChoices),
    /** Engines that could not run it. */
    without: z.array(z.object({ name: z.enum(engineNames), reason: z.string() })),
    /** The WASM binaries' addresses by their names. */
    wasm: z.record(z.string(), z.string()),
  }),
  z.object({
    engine: z.object({
      name: z.enum(engineNames),
      passedOver: z.array(z.object({ name: z.enum(engineNames), reason: z.string() })),
    }),
    memory,
  }),
);

export const workerRun = request(
  'worker/run',
  z.object({
    token: z.string(),
    text: z.string().optional(),
    sound: z.object({ samples, sampleRate: z.number() }).optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
  }),
  z.object({
    output: inferenceResult.shape.output,
    runMs: z.number(),
    audioSeconds: z.number().optional(),
    memory,
  }),
);

/** Frees the model; what is left is nothing, or a leak. */
export const workerFree = request('worker/free', z.object({}), memory);

export const soundPiece = z.object({ samples, sampleRate: z.number() });
export const workerProgress = notification(
  'worker/progress',
  z.object({ token: z.string(), value: z.union([soundPiece, writtenProgress, heardProgress]) }),
);
export type WorkerProgress = z.infer<typeof workerProgress.params>['value'];

/** Asked by the worker: a file of the model's folder, whose bytes it then reads in parts. */
export const workerFile = request(
  'worker/file',
  z.object({ name: z.string() }),
  z.object({ blob: z.instanceof(Blob) }),
);
