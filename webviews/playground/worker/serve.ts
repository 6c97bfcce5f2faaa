/** Runs published models with TensorFlow.js for the page at the other end of a channel. */
import * as tf from '@tensorflow/tfjs-core';
import { resample } from '../../../ml/audio/resample';
import { MlError } from '../../../ml/errors';
import { loadPublished, type PublishedModel } from '../../../ml/published/load';
import type { Work } from '../../../ml/published/work';
import { StudioError } from '../../../protocol/wire/errors';
import { PostMessagePeer, type Channel } from '../../../protocol/wire/postMessage';
import type { Params, Result } from '../../../protocol/wire/spec';
import { nextTask } from '../../common/slices';
import { useEngine } from '../engines';
import type { EngineName } from '../engineNames';
import { blobFolder } from './blobFolder';
import {
  workerFile,
  workerFree,
  workerLoad,
  workerProgress,
  workerRun,
  type WorkerProgress,
} from './messages';

type Asked = Params<typeof workerRun>;
type Output = Omit<Result<typeof workerRun>, 'runMs' | 'memory'>;
type Tell = (value: WorkerProgress) => void;

export function serveModels(channel: Channel): void {
  // The console is the one log that a worker has.
  // eslint-disable-next-line no-console
  const peer = new PostMessagePeer(channel, (problem) => console.error('goya:', problem));
  let loaded: { readonly model: PublishedModel; readonly engine: EngineName } | undefined;
  const free = (): void => {
    loaded?.model.dispose();
    loaded = undefined;
  };
  peer.handle(workerLoad, async ({ files, engine, without, wasm }) => {
    free();
    tf.enableProdMode();
    const chosen = await useEngine(engine, wasm, without);
    const folder = blobFolder(files, async (name) => (await peer.call(workerFile, { name })).blob);
    loaded = { model: await onEngine(chosen.name, () => loadPublished(folder)), engine: chosen.name };
    return { engine: chosen, memory: memory() };
  });
  peer.handle(workerRun, async (asked, signal) => {
    if (loaded === undefined) throw new StudioError('internal', 'The worker has no model yet.');
    const { model, engine } = loaded;
    const start = performance.now();
    const tell: Tell = (value) => peer.notify(workerProgress, { token: asked.token, value });
    const output = await onEngine(engine, () => answer(model, asked, { signal, turn: nextTask }, tell));
    return { ...output, runMs: performance.now() - start, memory: memory() };
  });
  peer.handle(workerFree, () => {
    free();
    return Promise.resolve(memory());
  });
}

function memory(): { bytes: number; tensors: number } {
  const { numBytes: bytes, numTensors: tensors } = tf.memory();
  return { bytes, tensors };
}

async function answer(model: PublishedModel, asked: Asked, work: Work, tell: Tell): Promise<Output> {
  const { parameters } = asked;
  switch (model.does) {
    case 'speak': {
      const { sampleRate } = model;
      let spoken = 0;
      for await (const samples of model.speak(textOf(asked), parameters, work)) {
        spoken += samples.length;
        tell({ samples, sampleRate });
      }
      return { output: { samplingRate: sampleRate }, audioSeconds: spoken / sampleRate };
    }
    case 'hear': {
      const { sound } = asked;
      if (sound === undefined) throw new MlError('input.invalid', 'The model listens: it needs a sound.');
      const { sampleRate } = model;
      const samples =
        sound.sampleRate === sampleRate
          ? sound.samples
          : resample(sound.samples, sound.sampleRate, sampleRate);
      const heard = await model.hear(samples, parameters, {
        ...work,
        onHearing: ({ segments, ...rest }) => tell({ ...rest, segments: [...segments] }),
      });
      return {
        output: { text: heard.text, values: heard.segments },
        audioSeconds: samples.length / sampleRate,
      };
    }
    case 'write': {
      const { text, ...values } = await model.write(textOf(asked), parameters, { ...work, onPiece: tell });
      return { output: { text, values } };
    }
    case 'read':
      return { output: await model.read(textOf(asked), parameters) };
  }
}

function textOf({ text }: Asked): string {
  if (text === undefined) throw new MlError('input.invalid', 'The model needs a text.');
  return text;
}

/** What is neither a stop nor said by the models themselves is the engine's: another one may do it. */
async function onEngine<T>(engine: EngineName, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MlError) throw new StudioError(kinds[error.code], error.message, { cause: error });
    if (error instanceof StudioError) throw error;
    if (error instanceof DOMException && error.name === 'AbortError')
      throw new StudioError('cancelled', 'The model was stopped before it answered.');
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioError('engine.unavailable', `${engine} could not run the model: ${reason}`, {
      cause: error,
      details: { engine, reason },
    });
  }
}

const kinds = {
  'audio.invalid': 'dataset.unsupported',
  'audio.unsupported': 'dataset.unsupported',
  'model.corrupt': 'model.corrupt',
  'model.unsafe': 'model.unsafe',
  'model.unsupported': 'model.unsupported',
  'input.invalid': 'inference.invalidInput',
} as const;
