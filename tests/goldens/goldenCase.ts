/** One folder of reference vectors: what it gives to compute from, and what was computed. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Tensor } from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { openNodeFolder, type NodeFolder } from '../../backend/weights/nodeFolder';
import { readWav } from '../../ml/audio/wav';
import { MlError } from '../../ml/errors';
import { checkedPath } from '../../ml/weights/byteSource';
import { openWeights } from '../../ml/weights/open';
import type { Weights } from '../../ml/weights/weights';
import { readNpy, type NpyArray } from './npy';

const expectedJson = z.looseObject({
  files: z
    .record(
      z.string(),
      z.looseObject({
        shape: z.array(z.number()),
        dtype: z.enum(['float32', 'int32']),
        kind: z.enum(['input', 'output']),
        atol: z.number().optional(),
      }),
    )
    .default({}),
});
export type Expected = z.infer<typeof expectedJson>;

export class GoldenCase {
  /** Of the model's files, as in a hub's repository. */
  readonly folder: NodeFolder;
  /** Computed arrays by the name they are listed under. */
  readonly arrays = new Map<string, NpyArray>();
  /** Computed texts and ids, in the form of expected.json. */
  readonly texts = new Map<string, unknown>();
  readonly figures = new Map<string, unknown>();
  /** What to tell besides: one line each. A failure counts. */
  readonly remarks: { readonly text: string; readonly failed: boolean }[] = [];

  private constructor(
    readonly path: string,
    /** The path below the folder that was asked for, with forward slashes. */
    readonly name: string,
    readonly expected: Expected,
    /** `config.json`, or an empty object. */
    readonly config: Readonly<Record<string, unknown>>,
  ) {
    this.folder = openNodeFolder(path);
  }

  static async open(folder: string, name: string): Promise<GoldenCase> {
    const text = await readFile(path.join(folder, 'expected', 'expected.json'), 'utf8');
    const expected = expectedJson.parse(JSON.parse(text));
    return new GoldenCase(folder, name, expected, await configOf(folder));
  }

  weights(): Promise<Weights> {
    return openWeights(this.folder);
  }

  /** Whether expected.json lists an array of this name as something to compute. */
  wants(name: string): boolean {
    return this.expected.files[name]?.kind === 'output';
  }

  /** Names that expected.json lists as something to compute, below `prefix`. */
  wanted(prefix = ''): string[] {
    return Object.keys(this.expected.files).filter((name) => name.startsWith(prefix) && this.wants(name));
  }

  hasInput(name: string): boolean {
    return this.expected.files[name]?.kind === 'input';
  }

  /** An array listed as an input: nothing that is to be computed can be read here. */
  async input(name: string): Promise<NpyArray> {
    if (!this.hasInput(name)) throw new Error(`${this.name} lists no input ${name}`);
    return readNpy(await this.bytes(name), name);
  }

  async inputIds(name: string): Promise<number[]> {
    return Array.from((await this.input(name)).data);
  }

  /** A sound of `expected/`: mono, −1..1. */
  async audio(name: string): Promise<{ readonly samples: Float32Array; readonly sampleRate: number }> {
    const { channels, sampleRate } = readWav(await this.bytes(name));
    return { samples: channels[0] ?? new Float32Array(0), sampleRate };
  }

  private bytes(name: string): Promise<Uint8Array> {
    return readFile(path.join(this.path, 'expected', ...checkedPath(name).split('/')));
  }

  /** A JSON file beside the model; undefined where there is none. */
  async json(name: string): Promise<unknown> {
    const text = await readFile(path.join(this.path, name), 'utf8').catch(() => undefined);
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** Part of expected.json that says what to compute with: texts, settings. */
  given<T>(key: string, schema: z.ZodType<T>): T | undefined {
    const value = this.expected[key];
    return value === undefined ? undefined : schema.parse(value);
  }

  put(name: string, data: Float32Array | Int32Array, shape: readonly number[] = [data.length]): void {
    this.arrays.set(name, { data, shape });
  }

  /** Takes the tensor's numbers; the tensor stays the caller's. */
  async putTensor(name: string, tensor: Tensor): Promise<void> {
    const data = await tensor.data();
    this.put(name, data instanceof Float32Array ? data : Int32Array.from(data), tensor.shape);
  }

  putIds(name: string, ids: readonly number[], shape: readonly number[] = [1, ids.length]): void {
    this.put(name, Int32Array.from(ids), shape);
  }

  putText(key: string, value: unknown): void {
    this.texts.set(key, value);
  }

  /** Like a text, but not compared as it stands: how near it is goes into a remark. */
  putFigures(key: string, value: unknown): void {
    this.figures.set(key, value);
  }

  remark(text: string, failed: boolean): void {
    this.remarks.push({ text, failed });
  }

  close(): Promise<void> {
    return this.folder.close();
  }
}

async function configOf(folder: string): Promise<Record<string, unknown>> {
  const text = await readFile(path.join(folder, 'config.json'), 'utf8').catch(() => '{}');
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch (error) {
    throw new MlError('model.corrupt', 'config.json is no JSON object.', { cause: error });
  }
}

/** What runs cases of one kind. `matches` looks at the config and at the arrays listed, never at the folder's name. */
export interface GoldenFamily {
  readonly name: string;
  matches(golden: GoldenCase): boolean;
  run(golden: GoldenCase): Promise<void>;
}

/** Whether config.json is a model of this type. */
export function isModel(golden: GoldenCase, type: string, architecture: RegExp): boolean {
  const { model_type: model, architectures } = golden.config;
  if (typeof model === 'string') return model === type;
  return Array.isArray(architectures) && architectures.some((one) => architecture.test(String(one)));
}
