import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);

/** The product's own wav and resampling code, compiled as it is needed. */
export async function loadAudio() {
  const folder = path.join(import.meta.dirname, '..', '..', 'ml', 'audio');
  const contents = ['wav', 'wavWriter', 'resample', 'audioData']
    .map((file) => `export * from ${JSON.stringify(`./${file}`)};`)
    .join('\n');
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

/** Fails with what to install when espeak-ng is not there. */
export async function espeakVersion() {
  try {
    return (await run('espeak-ng', ['--version'])).stdout.replace(/\s*Data at:.*/s, '').trim();
  } catch (error) {
    throw new Error(
      'espeak-ng, which speaks the samples, is not installed. Debian, Ubuntu: apt-get install espeak-ng. ' +
        'macOS: brew install espeak-ng. Windows: winget install eSpeak-NG.eSpeak-NG.',
      { cause: error },
    );
  }
}

/** The wav bytes of a word as espeak-ng says it. */
export async function speak(word, { variant, speed, pitch }) {
  const voice = variant === '' ? 'fa' : `fa+${variant}`;
  const options = ['-v', voice, '-s', String(speed), '-p', String(pitch), '--stdout', word];
  const { stdout } = await run('espeak-ng', options, { encoding: 'buffer', maxBuffer: 1 << 24 });
  // The length fields of a piped wav are placeholders; the sound is all that follows its 44 bytes of header.
  const bytes = Buffer.from(stdout);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.writeUInt32LE(bytes.length - 44, 40);
  return new Uint8Array(bytes);
}

/** A sound of IPA as espeak-ng writes it: with the stress of its syllable, length and other marks, affricates whole. */
const ipaSound = /[ˈˌ]?(?:tʃ|dʒ|\p{L})[ː\p{M}]*/gu;

/** The phonemes of a word as espeak-ng says it by itself. */
export async function pronounce(word) {
  const { stdout } = await run('espeak-ng', ['-v', 'fa', '-q', '--ipa', word]);
  return stdout.match(ipaSound) ?? [];
}

/** Without the silence at both ends (under 1 % of the peak). */
export function trim(samples) {
  const peak = samples.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  const loud = (x) => Math.abs(x) > peak / 100;
  const first = samples.findIndex(loud);
  return samples.slice(first, samples.findLastIndex(loud) + 1);
}

/** mulberry32: 32 bits of state are plenty for a sample set, and the same everywhere. */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The word with silence around it, at some loudness, over noise that is white to brown by `colour` 0..1. */
export function stage(word, { random, rate, snr, colour, peak }) {
  const before = Math.round((0.02 + 0.1 * random()) * rate);
  const after = Math.round((0.02 + 0.1 * random()) * rate);
  const clip = new Float32Array(before + word.length + after);
  clip.set(word, before);
  const noise = new Float32Array(clip.length);
  let low = 0;
  for (let i = 0; i < noise.length; i++) {
    const white = 2 * random() - 1;
    low = 0.97 * low + 0.25 * white;
    noise[i] = (1 - colour) * white + colour * low;
  }
  const power = (x) => x.reduce((sum, value) => sum + value * value, 0) / x.length;
  const scale = Math.sqrt(power(word) / power(noise) / 10 ** (snr / 10));
  for (let i = 0; i < clip.length; i++) clip[i] += scale * noise[i];
  const highest = clip.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
  return clip.map((x) => (x * peak) / highest);
}
