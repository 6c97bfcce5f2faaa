// Makes Persian speech with espeak-ng, in the layout of LJSpeech: metadata.csv and wavs/. The same seed gives the same files
// with the same version of espeak-ng.
//   node scripts/samples/speech.mjs --out DIR                            13 minutes of one voice, to train a voice on
//   node scripts/samples/speech.mjs --out DIR --voices many --minutes 60 --rate 16000      to train a recogniser on
// A recogniser's sentences draw on thousands of words: those of samples/workspace, or of --words FILE, a word list or a Hunspell
// dictionary. DIR/tuning has sentences with words of that list that are kept apart, to choose a decoder's weights by.
// Beside them, in DIR/held-out and DIR/unseen-words, --held sentences (20) that are not among the others; those of
// `unseen-words` have words that no other sentence has. Also lexicon.tsv, how espeak-ng says each of the words, and configs that
// train on all that within half an hour: voice.train.json, or recogniser.train.json and phonemes.train.json. Options: --seed N (7), --speed N words a minute (150), --quiet-noise.
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { sentences } from './sentences.mjs';
import { espeakVersion, loadAudio, pronounce, seeded, speak } from './sound.mjs';
import { phonemesConfig, recogniserConfig } from './recogniserConfig.mjs';
import { voiceConfig } from './voiceConfig.mjs';
import { readWordList, sampleWords } from './wordList.mjs';
import { sets } from './words.mjs';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    minutes: { type: 'string', default: '13' },
    voices: { type: 'string', default: 'one' },
    rate: { type: 'string', default: '22050' },
    held: { type: 'string', default: '20' },
    seed: { type: 'string', default: '7' },
    speed: { type: 'string', default: '150' },
    words: { type: 'string' },
  },
});
if (values.out === undefined) throw new Error('--out names the folder to write to');
if (!['one', 'many'].includes(values.voices)) throw new Error('--voices is one of: one, many');
const [seconds, rate, held, seed] = [
  60 * Number(values.minutes),
  Number(values.rate),
  Number(values.held),
  Number(values.seed),
];
const out = path.resolve(values.out);
const version = await espeakVersion();
const audio = await loadAudio();
const random = seeded(seed);
const between = ([low, high]) => low + (high - low) * random();

/** One speaker, or for each sentence another voice, speed and pitch; those of the fresh set are kept for measuring. */
function voiceOf(index, set) {
  if (values.voices === 'one') return { variant: '', speed: Number(values.speed), pitch: 50 };
  const variant = set.variants[index % set.variants.length];
  return { variant, speed: Math.round(between([120, 200])), pitch: Math.round(between([20, 80])) };
}

const words = new Set();

async function write(folder, texts, { enough, set }) {
  await rm(path.join(folder, 'wavs'), { recursive: true, force: true });
  await mkdir(path.join(folder, 'wavs'), { recursive: true });
  const rows = [];
  let total = 0;
  for (const text of texts) {
    const spoken = audio.readWav(await speak(text, voiceOf(rows.length, set)));
    const samples = audio.resample(audio.mixdown(spoken), spoken.sampleRate, rate);
    const id = `s${String(rows.length + 1).padStart(5, '0')}`;
    await writeFile(
      path.join(folder, 'wavs', `${id}.wav`),
      audio.writeWav({ sampleRate: rate, channels: [samples] }, 'pcm16'),
    );
    rows.push(`${id}|${text}`);
    for (const word of text.split(/\s+/)) words.add(word);
    total += samples.length / rate;
    if (enough(rows.length, total)) break;
  }
  await writeFile(path.join(folder, 'metadata.csv'), rows.join('\n') + '\n');
  console.log(`${rows.length} sentences, ${(total / 60).toFixed(1)} min in ${folder} (${version})`);
}

async function moreWords() {
  if (values.voices === 'one') return {};
  const sample = await sampleWords();
  if (values.words === undefined) return sample;
  const { all, ...own } = await readWordList(values.words);
  // The names of the sample are as people typed them, misspelt ones among them.
  return { ...own, names: sample.names.filter((name) => all.has(name)) };
}

const lists = await moreWords();
await write(out, sentences({ seed, lists }), { enough: (_, total) => total >= seconds, set: sets.sample });
const kept = { enough: (count) => count >= held, set: sets.fresh };
await write(path.join(out, 'held-out'), sentences({ seed: seed + 1 }), kept);
await write(path.join(out, 'unseen-words'), sentences({ seed: seed + 2, unseen: 1 }), kept);
if (values.voices === 'many') {
  const apart = sentences({ seed: seed + 3, lists, listsUnseen: true });
  await write(path.join(out, 'tuning'), apart, { ...kept, set: sets.sample });
}

const entries = [];
for (const word of [...words].sort()) entries.push(`${word}\t${(await pronounce(word)).join(' ')}\n`);
await writeFile(path.join(out, 'lexicon.tsv'), entries.join(''));
const list = values.words === undefined ? undefined : `words${path.extname(values.words)}`;
if (list !== undefined) await copyFile(values.words, path.join(out, list));
const configs =
  values.voices === 'one'
    ? { voice: voiceConfig(rate) }
    : { recogniser: recogniserConfig(rate, list), phonemes: phonemesConfig(rate) };
for (const [name, config] of Object.entries(configs))
  await writeFile(path.join(out, `${name}.train.json`), `${JSON.stringify(config, null, 2)}\n`);
console.log(
  `${words.size} words in ${path.join(out, 'lexicon.tsv')}; to train: ${Object.keys(configs).join(', ')}`,
);
