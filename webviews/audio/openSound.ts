/** A file as samples, whatever it is: a wav is read in place, the rest is decoded. */
import { MlError } from '../../ml/errors';
import { looksLikeWav, named, decodeAudio, type Decoder } from '../common/decodeAudio';
import type { ByteSource } from './byteSource';
import { decodedSamples, wavSamples, type Samples } from './samples';

const wholeParts = 8_000_000;

/** Throws `MlError` `audio.invalid` or `audio.unsupported`, naming the file. */
export async function openSound(name: string, source: ByteSource, decoder: Decoder): Promise<Samples> {
  if (source.size === 0) throw new MlError('audio.invalid', `${name} is empty.`);
  const head = await source.read(0, 16);
  if (looksLikeWav(head) || /\.wav$/i.test(name)) return named(name, () => wavSamples(source));
  return decodedSamples(await decodeAudio(name, (await whole(source)).buffer, decoder));
}

async function whole(source: ByteSource): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(source.size);
  for (let at = 0; at < source.size; at += wholeParts) bytes.set(await source.read(at, wholeParts), at);
  return bytes;
}
