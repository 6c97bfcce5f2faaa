/** A recogniser in sherpa-onnx: samples become a text, and the times of its words. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { MlError } from '../../../ml/errors';
import type { Heard, HeardSegment, PublishedListener } from '../../../ml/published/listener';
import type { RuntimeContext } from '../../sdk/modelRuntime';
import { piecesOf } from './pieces';
import { collect, loadSherpa, type Handle, type SherpaOnnx } from './engine';
import { checkedFile } from './files';
import { modelsOf, type RecogniserLayout } from './layout';
import { requireProperties } from './properties';
import { checkRecogniserTokens, readTokens } from './tokens';

const sampleRate = 16_000;
/** Seconds that make a frame of features at the least: the engine asks for one without looking. */
const shortest = 0.05;
/** Silence at the end, in seconds: a streaming model gives out its last words when it hears more. */
const tail = 0.8;

const result = z.object({
  text: z.string(),
  tokens: z.array(z.string()).default([]),
  timestamps: z.array(z.number()).default([]),
});
type Result = z.infer<typeof result>;

export async function openRecogniser(
  folder: string,
  layout: RecogniserLayout,
  context: RuntimeContext,
): Promise<PublishedListener> {
  const tokens = path.join(folder, ...layout.tokens.split('/'));
  checkRecogniserTokens(readTokens(await readFile(tokens, 'utf8'), layout.tokens), layout.tokens);
  for (const name of modelsOf(layout)) {
    const { bytes } = await checkedFile(folder, name);
    await requireProperties(layout, name, bytes);
  }
  const config = {
    featConfig: { sampleRate, featureDim: layout.features },
    modelConfig: {
      ...absolute(folder, layout),
      ...{ tokens, numThreads: context.threads, provider: 'cpu', debug: 0 },
      ...(layout.online ? {} : { modelType: layout.modelType }),
    },
    decodingMethod: 'greedy_search',
  };
  const sherpa = loadSherpa(context.engine);
  context.entering('open');
  const ears = layout.online ? streaming(sherpa, config) : whole(sherpa, config);
  return {
    does: 'hear',
    task: 'automatic-speech-recognition',
    sampleRate,
    hear: async (samples, _parameters, { signal, turn, onHearing } = {}) => {
      const segments: HeardSegment[] = [];
      const texts: string[] = [];
      // A streaming model hears as long as it likes; the others at once what fits into memory.
      const pieces = layout.online ? [{ start: 0, end: samples.length }] : piecesOf(samples, sampleRate);
      const heard = (): Heard => ({
        text: texts.filter((one) => one !== '').join(' '),
        segments: [...segments],
      });
      for (const { start, end } of pieces) {
        signal?.throwIfAborted();
        if (end - start < shortest * sampleRate) continue;
        context.entering('run');
        const part = ears.hear(samples.subarray(start, end));
        texts.push(part.text.trim());
        const timestamps = part.timestamps.map((time) => time * layout.timeScale);
        segments.push(...wordsOf({ ...part, timestamps }, start / sampleRate, end / sampleRate));
        onHearing?.({
          ...heard(),
          heardSeconds: end / sampleRate,
          totalSeconds: samples.length / sampleRate,
        });
        await turn?.();
      }
      return heard();
    },
    dispose: () => {
      ears.close();
      collect();
    },
  };
}

/** The configuration's own field, its files with their whole paths. */
function absolute(folder: string, { model }: RecogniserLayout): object {
  const whole = (parts: Readonly<Record<string, string>>): object =>
    Object.fromEntries(
      Object.entries(parts).map(([key, name]) => [key, path.join(folder, ...name.split('/'))]),
    );
  return Object.fromEntries(
    Object.entries(model).map(([key, parts]) => [key, whole(parts as Record<string, string>)]),
  );
}

interface Ears {
  hear(samples: Float32Array): Result;
  close(): void;
}

function whole(sherpa: SherpaOnnx, config: object): Ears {
  let recogniser: Handle<'recogniser'> | undefined = sherpa.createOfflineRecognizer(config);
  return {
    hear: (samples) => {
      const model = present(recogniser);
      const stream = sherpa.createOfflineStream(model);
      sherpa.acceptWaveformOffline(stream, { samples, sampleRate });
      sherpa.decodeOfflineStream(model, stream);
      return result.parse(JSON.parse(sherpa.getOfflineStreamResultAsJson(stream)));
    },
    close: () => {
      recogniser = undefined;
    },
  };
}

function streaming(sherpa: SherpaOnnx, config: object): Ears {
  let recogniser: Handle<'online'> | undefined = sherpa.createOnlineRecognizer(config);
  return {
    hear: (samples) => {
      const model = present(recogniser);
      const stream = sherpa.createOnlineStream(model);
      sherpa.acceptWaveformOnline(stream, { samples, sampleRate });
      sherpa.acceptWaveformOnline(stream, { samples: new Float32Array(tail * sampleRate), sampleRate });
      sherpa.inputFinished(stream);
      while (sherpa.isOnlineStreamReady(model, stream)) sherpa.decodeOnlineStream(model, stream);
      return result.parse(JSON.parse(sherpa.getOnlineStreamResultAsJson(model, stream)));
    },
    close: () => {
      recogniser = undefined;
    },
  };
}

function present<T>(recogniser: T | undefined): T {
  if (recogniser === undefined) throw new MlError('input.invalid', 'The recogniser was put away.');
  return recogniser;
}

/** How long a token is taken to last at most, in seconds: the model says where each begins. */
const longestToken = 0.5;

/** Tokens that begin with a space begin a word. Seconds of the piece that was heard become those of the whole sound. */
export function wordsOf({ tokens, timestamps }: Result, from: number, to: number): HeardSegment[] {
  if (tokens.length !== timestamps.length) return [];
  const words: { text: string; start: number; last: number }[] = [];
  tokens.forEach((token, i) => {
    const at = from + (timestamps[i] ?? 0);
    const word = words.at(-1);
    const letters = token.replace(/^[▁\s]+/, '');
    if (word === undefined || letters !== token) words.push({ text: letters, start: at, last: at });
    else Object.assign(word, { text: word.text + letters, last: at });
  });
  return words
    .map(({ text, start, last }, i) => ({
      start: Math.min(start, to),
      end: Math.min(words[i + 1]?.start ?? to, last + longestToken, to),
      text,
    }))
    .filter(({ text }) => text !== '');
}
