/**
 * Length and format of a sound file from its headers alone, whatever it is encoded in: nothing is decoded. Told by what
 * the file begins with, not by its name.
 */
import { MlError } from '../errors';
import { compressedInfo } from './decode/soundInfo';
import { sniff, sniffBytes } from './decode/sniff';
import { flacInfo } from './flacInfo';
import { mpegInfo } from './mpegInfo';
import { oggInfo } from './oggInfo';
import { wavInfoFrom, type RandomReader } from './wav';

export type SoundKind = 'wav' | 'mp3' | 'flac' | 'ogg' | 'opus';

export interface SoundInfo {
  readonly kind: SoundKind;
  /** Hz; of Opus the rate that it decodes to. */
  readonly sampleRate: number;
  readonly channels: number;
  readonly seconds: number;
}

const ascii = (bytes: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + length));

/** Throws `audio.invalid` for a damaged file, `audio.unsupported` for one of another kind. */
export async function soundInfo(source: RandomReader): Promise<SoundInfo> {
  if (source.size === 0) throw new MlError('audio.invalid', 'The file is empty.');
  const head = await source.read(0, Math.min(source.size, 12));
  const magic = ascii(head, 0, 4);
  if (magic === 'fLaC') return flacInfo(source);
  if (magic === 'OggS') return (await holdsFlac(source)) ? oggFlacInfo(source) : oggInfo(source);
  if (magic.startsWith('ID3') || (head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0)) {
    return mpegInfo(source);
  }
  if (ascii(head, 4, 4) === 'ftyp') {
    throw new MlError('audio.unsupported', 'The length of an MPEG-4 file cannot be read; convert it to wav.');
  }
  const { sampleRate, channels, seconds, frames } = await wavInfoFrom(source);
  if (frames === 0) throw new MlError('audio.invalid', 'The file has no sound in it.');
  return { kind: 'wav', sampleRate, channels, seconds };
}

async function holdsFlac(source: RandomReader): Promise<boolean> {
  return sniff(await source.read(0, Math.min(source.size, sniffBytes))) === 'oggFlac';
}

async function oggFlacInfo(source: RandomReader): Promise<SoundInfo> {
  const { sampleRate, channels, frames } = await compressedInfo(source, 'oggFlac');
  if (frames === undefined)
    throw new MlError('audio.invalid', 'The ogg file is cut off: it has no last page.');
  return { kind: 'flac', sampleRate, channels, seconds: frames / sampleRate };
}
