/** A file as samples, whatever it is: a wav is read in place, mp3, flac and ogg are decoded as they come. */
import { isCompressed, sniff, sniffBytes, type SoundKind } from '../../ml/audio/decode/sniff';
import { MlError } from '../../ml/errors';
import { decodeAudio, named, type Decoder } from '../common/decodeAudio';
import type { ByteSource } from './byteSource';
import { decodedSamples, wavSamples, type Samples } from './samples';
import { streamedSamples } from './streamedSamples';

/** What the browser decodes, it decodes whole: some half an hour of speech takes a quarter of a gigabyte. */
const mostWhole = 30_000_000;
const wholeParts = 8_000_000;

/** Throws `MlError` `audio.invalid` or `audio.unsupported`, naming the file. */
export async function openSound(name: string, source: ByteSource, decoder: Decoder): Promise<Samples> {
  if (source.size === 0) throw new MlError('audio.invalid', `${name} is empty.`);
  const kind = sniff(await source.read(0, sniffBytes));
  if (kind === 'wav' || (kind === undefined && /\.wav$/i.test(name)))
    return named(name, () => wavSamples(source));
  if (isCompressed(kind)) return named(name, () => streamedSamples(source, kind));
  return byBrowser(name, source, kind, decoder);
}

async function byBrowser(
  name: string,
  source: ByteSource,
  kind: SoundKind | undefined,
  decoder: Decoder,
): Promise<Samples> {
  if (source.size > mostWhole)
    throw new MlError(
      'audio.unsupported',
      `${name} is too long: the editor's browser decodes such files whole. Convert it to wav, flac, mp3 or ogg.`,
    );
  const audio = decodedSamples(await decodeAudio(name, (await whole(source)).buffer, decoder));
  if (audio.frames === 0) throw new MlError('audio.invalid', `${name} has no sound in it.`);
  return kind === undefined ? audio : { ...audio, browserKind: kind };
}

async function whole(source: ByteSource): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(source.size);
  for (let at = 0; at < source.size; at += wholeParts) bytes.set(await source.read(at, wholeParts), at);
  return bytes;
}
