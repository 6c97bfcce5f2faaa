// Makes a Persian keyword set with espeak-ng: one folder for each word, 16 kHz mono wav files. The same seed gives the
// same files with the same version of espeak-ng (the set in git: 1.51).
//   node scripts/samples/keywords.mjs                               the sample workspace's set
//   node scripts/samples/keywords.mjs --set fresh --out DIR         other voices, speeds and noise, to test with
// Options: --clips N for each word (28), --seed N (7), --encoding mulaw | pcm16.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { espeakVersion, loadAudio, seeded, speak, stage, trim } from './sound.mjs';
import { sets, words } from './words.mjs';

const rate = 16_000;
const root = path.join(import.meta.dirname, '..', '..');

const { values } = parseArgs({
  options: {
    set: { type: 'string', default: 'sample' },
    out: { type: 'string' },
    clips: { type: 'string', default: '28' },
    seed: { type: 'string', default: '7' },
    encoding: { type: 'string', default: 'mulaw' },
  },
});
const set = sets[values.set];
if (set === undefined) throw new Error(`--set is one of: ${Object.keys(sets).join(', ')}`);
if (values.set !== 'sample' && values.out === undefined)
  throw new Error('--out names the folder to write to');
const out = path.resolve(values.out ?? path.join(root, 'samples', 'workspace', 'data', 'keywords'));
const clips = Number(values.clips);

const version = await espeakVersion();
const audio = await loadAudio();
const random = seeded(Number(values.seed) + (values.set === 'fresh' ? 1_000_003 : 0));
const between = ([low, high]) => low + (high - low) * random();

async function makeClip(word, folder, index) {
  // Every voice in turn, so that none is rare.
  const variant = set.variants[index % set.variants.length];
  const speed = Math.round(between(set.speed));
  const pitch = Math.round(between(set.pitch));
  const spoken = audio.readWav(await speak(word, { variant, speed, pitch }));
  const clean = trim(audio.resample(audio.mixdown(spoken), spoken.sampleRate, rate));
  const clip = stage(clean, {
    random,
    rate,
    snr: between(set.noise),
    colour: random(),
    peak: between([0.3, 0.95]),
  });
  const name = `${String(index + 1).padStart(2, '0')}-${variant || 'fa'}-s${speed}-p${pitch}.wav`;
  const bytes = audio.writeWav({ sampleRate: rate, channels: [clip] }, values.encoding);
  await writeFile(path.join(folder, name), bytes);
  return { bytes: bytes.length, seconds: clip.length / rate };
}

await rm(out, { recursive: true, force: true });
let bytes = 0;
let seconds = 0;
for (const word of words) {
  const folder = path.join(out, word);
  await mkdir(folder, { recursive: true });
  for (let index = 0; index < clips; index++) {
    const made = await makeClip(word, folder, index);
    bytes += made.bytes;
    seconds += made.seconds;
  }
}
console.log(
  `${words.length * clips} clips, ${(seconds / 60).toFixed(1)} min, ${(bytes / 1e6).toFixed(2)} MB in ${out} (${version})`,
);
