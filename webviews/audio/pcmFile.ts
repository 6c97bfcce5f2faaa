/** Any readable recording as a 16-bit PCM wav file, made in pieces. */
import { writeWav } from '../../ml/audio/wavWriter';
import { Slice } from '../common/slices';
import type { Samples } from './samples';

const pieceFrames = 65_536;
const headerBytes = 44;

export async function pcmFile(samples: Samples, signal: AbortSignal): Promise<Blob> {
  const slice = new Slice(signal);
  const parts: BlobPart[] = [header(samples)];
  for (let start = 0; start < samples.frames; start += pieceFrames) {
    const channels = await samples.read(start, pieceFrames);
    const file = writeWav({ sampleRate: samples.sampleRate, channels });
    const bytes = (channels[0]?.length ?? 0) * channels.length * 2;
    parts.push(file.slice(headerBytes, headerBytes + bytes));
    await slice.breathe();
  }
  return new Blob(parts, { type: 'audio/wav' });
}

/** The header of an empty file, with the sizes of the whole one. */
function header({ sampleRate, channels, frames }: Samples): BlobPart {
  const empty = Array.from({ length: channels }, () => new Float32Array(0));
  const bytes = writeWav({ sampleRate, channels: empty }).slice(0, headerBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, headerBytes - 8 + frames * channels * 2, true);
  view.setUint32(headerBytes - 4, frames * channels * 2, true);
  return bytes;
}
