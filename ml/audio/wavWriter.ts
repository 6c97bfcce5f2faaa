import type { AudioData } from './audioData';
import { encodeMulaw } from './g711';

export type WavOutput = 'pcm16' | 'float32' | 'mulaw';

const layouts = {
  pcm16: { tag: 1, bytes: 2 },
  float32: { tag: 3, bytes: 4 },
  mulaw: { tag: 7, bytes: 1 },
} as const;

const clip = (sample: number) => Math.max(-1, Math.min(1, sample));

const writers: Record<WavOutput, (view: DataView, at: number, sample: number) => void> = {
  pcm16: (view, at, sample) => view.setInt16(at, Math.min(32_767, Math.round(clip(sample) * 32_768)), true),
  float32: (view, at, sample) => view.setFloat32(at, sample, true),
  mulaw: (view, at, sample) => view.setUint8(at, encodeMulaw(sample)),
};

function writeText(view: DataView, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
}

/** A whole wav file. Integer encodings clip at full scale. */
export function writeWav(audio: AudioData, output: WavOutput = 'pcm16'): Uint8Array {
  const { tag, bytes } = layouts[output];
  const count = audio.channels.length;
  const frames = audio.channels[0]?.length ?? 0;
  const dataBytes = frames * count * bytes;
  // Everything but PCM carries the extension's size and a fact chunk.
  const header = tag === 1 ? 44 : 58;
  const view = new DataView(new ArrayBuffer(header + dataBytes + (dataBytes % 2)));
  writeText(view, 0, 'RIFF');
  view.setUint32(4, view.byteLength - 8, true);
  writeText(view, 8, 'WAVEfmt ');
  view.setUint32(16, tag === 1 ? 16 : 18, true);
  view.setUint16(20, tag, true);
  view.setUint16(22, count, true);
  view.setUint32(24, audio.sampleRate, true);
  view.setUint32(28, audio.sampleRate * count * bytes, true);
  view.setUint16(32, count * bytes, true);
  view.setUint16(34, bytes * 8, true);
  if (tag !== 1) {
    writeText(view, 38, 'fact');
    view.setUint32(42, 4, true);
    view.setUint32(46, frames, true);
  }
  writeText(view, header - 8, 'data');
  view.setUint32(header - 4, dataBytes, true);
  const write = writers[output];
  let at = header;
  for (let i = 0; i < frames; i++) {
    for (const channel of audio.channels) {
      write(view, at, channel[i] ?? 0);
      at += bytes;
    }
  }
  return new Uint8Array(view.buffer);
}
