/** The binding of sherpa-onnx, as far as it is used here. Its calls compute in this thread; what it cannot bear ends the process. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

declare const brand: unique symbol;
/** An object of the engine; it is freed when nothing refers to it any more. */
export type Handle<Name extends string> = object & { readonly [brand]: Name };

export interface Sound {
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

export interface SherpaOnnx {
  createOfflineTts(config: object): Handle<'voice'>;
  getOfflineTtsSampleRate(voice: Handle<'voice'>): number;
  offlineTtsGenerate(
    voice: Handle<'voice'>,
    request: {
      readonly text: string;
      readonly sid: number;
      readonly speed: number;
      readonly enableExternalBuffer: false;
    },
  ): Sound;
  createOfflineRecognizer(config: object): Handle<'recogniser'>;
  createOfflineStream(recogniser: Handle<'recogniser'>): Handle<'stream'>;
  acceptWaveformOffline(stream: Handle<'stream'>, sound: Sound): void;
  decodeOfflineStream(recogniser: Handle<'recogniser'>, stream: Handle<'stream'>): void;
  getOfflineStreamResultAsJson(stream: Handle<'stream'>): string;
  createOnlineRecognizer(config: object): Handle<'online'>;
  createOnlineStream(recogniser: Handle<'online'>): Handle<'onlineStream'>;
  acceptWaveformOnline(stream: Handle<'onlineStream'>, sound: Sound): void;
  inputFinished(stream: Handle<'onlineStream'>): void;
  isOnlineStreamReady(recogniser: Handle<'online'>, stream: Handle<'onlineStream'>): boolean;
  decodeOnlineStream(recogniser: Handle<'online'>, stream: Handle<'onlineStream'>): void;
  getOnlineStreamResultAsJson(recogniser: Handle<'online'>, stream: Handle<'onlineStream'>): string;
}

/** `folder` is the engine's. Throws what the loader of libraries says. */
export function loadSherpa(folder: string): SherpaOnnx {
  const require = createRequire(path.join(folder, 'engine.json'));
  return require(path.join(folder, 'lib', 'sherpa-onnx.node')) as SherpaOnnx;
}

/** The phonemes' data that came with the engine: that of a model's folder is never read. */
export const phonemeData = (folder: string): string => path.join(folder, 'espeak-ng-data');

/** The engine frees a model when its object is collected, which JavaScript has no hurry to do: it looks small. */
export function collect(): void {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('gc');
  if (typeof gc === 'function') (gc as () => void)();
}
