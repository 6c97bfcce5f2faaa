/** What a published model answers, from the backend and from the page alike, in the form that the page shows. */
import * as z from 'zod';
import { joinedPieces } from '../../../ml/audio/audioData';
import { writeWav } from '../../../ml/audio/wavWriter';
import type { InferenceResult } from '../../../protocol/model/inference';
import type { ModelOutput } from '../model';
import type { Sound } from './work';

const segments = z.array(z.object({ start: z.number(), end: z.number(), text: z.string() }));
const tagged = z.array(z.object({ word: z.string(), label: z.string() }));
const written = z.object({ tokens: z.array(z.number()), finished: z.enum(['length', 'end', 'stop']) });

export function outputOf(output: InferenceResult['output']): Omit<ModelOutput, 'runMs'> {
  if (output.labels !== undefined)
    return { labels: output.labels, ...(output.text === undefined ? {} : { filled: output.text }) };
  if (output.text === undefined) return { tagged: tagged.parse(output.values) };
  const parts = segments.safeParse(output.values);
  const { data: wrote } = written.safeParse(output.values);
  return {
    transcript: { text: output.text, segments: parts.success ? parts.data : [] },
    ...(wrote === undefined ? {} : { written: { tokens: wrote.tokens.length, finished: wrote.finished } }),
  };
}

export function soundOf(
  pieces: readonly Float32Array[],
  sampleRate: number,
): NonNullable<ModelOutput['sound']> {
  const samples = joinedPieces(pieces);
  return { wav: writeWav({ sampleRate, channels: [samples] }), samples, sampleRate };
}

/** Milliseconds to the first sound, and the sounds themselves. */
export class SpokenPieces {
  readonly pieces: Float32Array[] = [];
  firstMs: number | undefined;
  private sampleRate = 0;

  constructor(private readonly started = performance.now()) {}

  add({ samples, sampleRate }: Sound): void {
    this.firstMs ??= performance.now() - this.started;
    this.sampleRate = sampleRate;
    this.pieces.push(samples);
  }

  sound(): NonNullable<ModelOutput['sound']> {
    return soundOf(this.pieces, this.sampleRate);
  }
}
