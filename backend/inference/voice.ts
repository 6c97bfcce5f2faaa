/** `inference/run` for a downloaded VITS voice: a text becomes a wav file. */
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { writeWav } from '../../ml/audio/wavWriter';
import { MlError } from '../../ml/errors';
import { vitsConfig } from '../../ml/models/vits/config';
import { Vits } from '../../ml/models/vits/model';
import { speak } from '../../ml/models/vits/speak';
import { VitsTokenizer } from '../../ml/models/vits/tokenizer';
import { normalize } from '../../ml/text/normalize';
import { openWeights } from '../../ml/weights/open';
import type { InferenceParams, InferenceResult } from '../../protocol/model/inference';
import { StudioError } from '../../protocol/wire/errors';
import { openNodeFolder } from '../weights/nodeFolder';
import type { VoiceFolder } from './voiceFolder';

/** The hub's word for it. */
const voiceTask = 'text-to-speech';

const parametersOf = z.object({
  /** Above 1 is faster. */
  speakingRate: z.number().positive().max(20).optional(),
  noiseScale: z.number().min(0).max(10).optional(),
  noiseScaleDuration: z.number().min(0).max(10).optional(),
  speaker: z.number().int().nonnegative().optional(),
});

export class Voice {
  private constructor(
    readonly folder: VoiceFolder,
    private readonly model: Vits,
    private readonly tokenizer: VitsTokenizer,
  ) {}

  static async load(folder: VoiceFolder): Promise<Voice> {
    const tokenizer = VitsTokenizer.fromFiles({
      vocabulary: await json(folder, 'vocab.json'),
      config: await json(folder, 'tokenizer_config.json'),
      added: await json(folder, 'added_tokens.json'),
    });
    if (tokenizer.wantsPhonemes)
      throw new MlError(
        'model.unsupported',
        'The voice reads phonemes of a phonemizer that is not known here.',
      );
    const files = openNodeFolder(folder.path);
    try {
      return new Voice(
        folder,
        await Vits.load(await openWeights(files), vitsConfig(folder.config)),
        tokenizer,
      );
    } finally {
      await files.close();
    }
  }

  /** Throws `inference.invalidInput`, or `model.unsupported` for another task. */
  async answer(
    params: InferenceParams,
  ): Promise<Omit<InferenceResult, 'engine' | 'timings'> & { seconds: number }> {
    const { text } = params.input;
    if (params.task !== undefined && params.task !== voiceTask)
      throw new StudioError(
        'model.unsupported',
        `${this.folder.path} is a model for ${voiceTask}, not for ${params.task}.`,
      );
    if (text === undefined) throw new MlError('input.invalid', 'The voice speaks: it needs input.text.');
    const parameters = parametersOf.safeParse(params.parameters ?? {});
    if (!parameters.success) {
      const issue = parameters.error.issues[0];
      throw new MlError(
        'input.invalid',
        `parameters.${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`,
      );
    }
    const { speakingRate, noiseScale: noise, noiseScaleDuration: durationNoise, speaker } = parameters.data;
    const pieces: Float32Array[] = [];
    const options = { speakingRate, noise, durationNoise, speaker };
    for await (const piece of speak(this.model, this.tokens(text), options)) pieces.push(piece);
    const samples = joined(pieces);
    const sampleRate = this.model.config.sampleRate;
    const audioPath = await saved(writeWav({ sampleRate, channels: [samples] }), params.outputPath);
    const output = { audioPath, samplingRate: sampleRate };
    return { task: voiceTask, output, seconds: samples.length / sampleRate };
  }

  /** A Persian voice's vocabulary has no Arabic yeh or kaf: the tokenizer would leave them out. */
  private tokens(text: string): number[] {
    const isPersian = this.tokenizer.language === 'fas';
    return this.tokenizer.encode(isPersian ? normalize(text, { digits: 'keep', diacritics: false }) : text);
  }

  dispose(): void {
    this.model.dispose();
  }
}

function joined(pieces: readonly Float32Array[]): Float32Array {
  const samples = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    samples.set(piece, offset);
    offset += piece.length;
  }
  return samples;
}

/** Where it was asked for, or a temporary file. */
async function saved(bytes: Uint8Array, outputPath: string | undefined): Promise<string> {
  const file =
    outputPath === undefined
      ? path.join(await mkdtemp(path.join(os.tmpdir(), 'goya-speech-')), 'speech.wav')
      : path.resolve(outputPath);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return file;
}

async function json({ path: folder }: VoiceFolder, name: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path.join(folder, name), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MlError('model.corrupt', `${name} is not valid JSON.`, { cause: error });
  }
}
