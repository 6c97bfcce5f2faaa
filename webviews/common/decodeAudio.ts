/** Sound files as samples: wav by our own reader (every encoding, exact), the rest by the browser's decoder. */
import { MlError } from '../../ml/errors';
import type { AudioData } from '../../ml/audio/audioData';
import { readWav } from '../../ml/audio/wav';

/** Decodes a compressed file; rejects for what it does not know. Given by the page, so that tests need no browser. */
export type Decoder = (bytes: ArrayBuffer) => Promise<AudioData>;

const wavMagic = new Set(['RIFF', 'RF64', 'RIFX']);

export function looksLikeWav(bytes: Uint8Array): boolean {
  return wavMagic.has(String.fromCharCode(...bytes.subarray(0, 4)));
}

/** Throws `MlError` `audio.invalid` or `audio.unsupported`, naming the file. */
export async function decodeAudio(name: string, bytes: ArrayBuffer, decoder: Decoder): Promise<AudioData> {
  if (bytes.byteLength === 0) throw new MlError('audio.invalid', `${name} is empty.`);
  const view = new Uint8Array(bytes);
  if (looksLikeWav(view) || /\.wav$/i.test(name)) return named(name, () => readWav(view));
  try {
    return await decoder(bytes);
  } catch (cause) {
    throw new MlError(
      'audio.unsupported',
      `${name} cannot be decoded by the editor's browser. Convert it to wav, flac, mp3 or ogg.`,
      { cause },
    );
  }
}

/** Runs a reader that knows only bytes, and puts the file's name before what it says. */
export async function named<T>(name: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof MlError)) throw error;
    throw new MlError(error.code, `${name}: ${error.message}`, { cause: error });
  }
}

/** The browser's decoder resamples to its context's rate: 48 kHz keeps everything that is heard. */
export const browserDecoder: Decoder = async (bytes) => {
  const context = new OfflineAudioContext(1, 1, 48_000);
  // The decoder takes the buffer away from its owner, who may still want to play it.
  const decoded = await context.decodeAudioData(bytes.slice(0));
  return {
    sampleRate: decoded.sampleRate,
    channels: Array.from({ length: decoded.numberOfChannels }, (_, i) => decoded.getChannelData(i)),
  };
};
