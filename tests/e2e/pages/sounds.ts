/** Sounds for the audio page's tests. */
import { writeWav, type WavOutput } from '../../../ml/audio/wavWriter';

/** A gliding tone with a pause in its middle and a clipped end. */
export function glide(
  seconds: number,
  sampleRate = 16_000,
  channels = 1,
  output: WavOutput = 'pcm16',
): Uint8Array {
  const frames = Math.round(seconds * sampleRate);
  const one = (channel: number): Float32Array => {
    let phase = 0;
    return Float32Array.from({ length: frames }, (_, i) => {
      const share = i / frames;
      phase += (2 * Math.PI * (150 + 3000 * share)) / sampleRate;
      if (share > 0.4 && share < 0.5) return 0;
      const value = (share > 0.95 ? 1.5 : 0.5) * Math.sin(phase) * (channel === 0 ? 1 : 0.4);
      return Math.max(-1, Math.min(1, value));
    });
  };
  return writeWav({ sampleRate, channels: Array.from({ length: channels }, (_, c) => one(c)) }, output);
}
