// Measures a trained voice on the sets of scripts/samples/speech.mjs, as docs/your-own-voice.md tells its figures:
//   node bench/voice/measure.mjs --voice DIR --data DIR [--recogniser DIR] [--speed 150] [--out DIR]
// Of DIR/held-out and DIR/unseen-words: mel cepstral distortion of the waveforms and their lengths against the recordings, the
// time that speaking takes, what a recogniser (of letters or of phonemes) reads wrongly of voice and recordings, and how near
// the onsets that the voice finds in the recordings are to those of espeak-ng (python3 and espeak-ng's library).
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { BackendClient } from '../../scripts/lib/backendClient.mjs';
import { root } from '../../scripts/lib/project.mjs';
import { alignmentOf } from './alignment.mjs';
import { loadLibrary } from './library.mjs';

const { values } = parseArgs({
  options: {
    voice: { type: 'string' },
    data: { type: 'string' },
    recogniser: { type: 'string' },
    speed: { type: 'string', default: '150' },
    out: { type: 'string' },
  },
});
if (values.voice === undefined || values.data === undefined)
  throw new Error('--voice names the trained voice, --data the folder that speech.mjs wrote');
const folder = path.resolve(values.voice);
const recogniser = values.recogniser === undefined ? undefined : path.resolve(values.recogniser);
const library = await loadLibrary();
const { speechCepstra, mcdWarped, editDistance, comparedTranscript, phonemesOf, pronounceBy } = library;
const voice = await library.loadTrained(library.folderFiles(folder));
const { preprocessing } = voice.metadata;
const { sampleRate } = preprocessing;
const lexicon = library.parseLexicon(await readFile(path.join(values.data, 'lexicon.tsv'), 'utf8')).lexicon;
const work = await mkdtemp(path.join(tmpdir(), 'goya-bench-voice-'));
const out = path.resolve(values.out ?? work);
const client = new BackendClient(root, { env: { DATABASE_URL: '' } });
try {
  await client.call('initialize', {
    protocolVersion: 1,
    client: { name: 'goya-bench-voice', version: '1' },
    storagePath: path.join(work, 'storage'),
    modelsPath: path.join(work, 'models'),
    workspacePath: work,
    trusted: true,
  });
  const units = recogniser === undefined ? undefined : await unitsOf(recogniser);
  for (const set of ['held-out', 'unseen-words']) await measure(set, units);
} finally {
  await client.stop();
  await rm(work, { recursive: true, force: true, maxRetries: 5 });
}

async function unitsOf(place) {
  const { preprocessing: kind } = JSON.parse(await readFile(path.join(place, 'goya.json'), 'utf8'));
  return kind.units ?? 'characters';
}

async function measure(set, units) {
  const place = path.join(values.data, set);
  const rows = [];
  for (const line of (await readFile(path.join(place, 'metadata.csv'), 'utf8')).trim().split('\n')) {
    const [id, text] = line.split('|');
    const file = path.join(place, 'wavs', `${id}.wav`);
    const audio = library.readWav(await readFile(file));
    rows.push({ id, text, file, rate: audio.sampleRate, samples: library.mixdown(audio) });
  }
  await mkdir(path.join(out, set), { recursive: true });
  const sums = { mcd: 0, copy: 0, own: 0, truth: 0, apart: 0, ms: 0, waveMs: 0 };
  const read = { voice: 0, recordings: 0, copies: 0, of: 0 };
  const speaker = new library.MelSpeaker(preprocessing);
  const waveform = (spectrum) =>
    voice.vocoder === undefined
      ? speaker.speak(spectrum, library.seededRandom(0))
      : library.speakWhole(voice.vocoder, spectrum);
  const mels = new library.VoiceMels(preprocessing);
  const cepstra = (samples) => speechCepstra(samples, sampleRate, { floor: 1e-3 });
  let engine = '';
  await say(rows[0].text, path.join(work, 'warm.wav'));
  for (const { id, text, file, samples, rate } of rows) {
    const truth = library.tidyUtterance(library.atRate(samples, rate, sampleRate), sampleRate);
    const spoken = path.join(out, set, `${id}.wav`);
    const answer = await say(text, spoken);
    engine = answer.engine;
    const [own] = library.readWav(await readFile(spoken)).channels;
    const at = performance.now();
    const copied = await waveform(mels.compute(truth));
    sums.waveMs += performance.now() - at;
    sums.ms += answer.timings.runMs;
    sums.mcd += mcdWarped(cepstra(own), cepstra(truth)).decibels;
    sums.copy += mcdWarped(cepstra(copied), cepstra(truth)).decibels;
    sums.own += own.length;
    sums.truth += truth.length;
    sums.apart += Math.abs(own.length / truth.length - 1);
    if (units === undefined) continue;
    const truthUnits = await inUnits(text, units);
    read.of += truthUnits.length;
    read.voice += editDistance(truthUnits, await heard(spoken, units));
    read.recordings += editDistance(truthUnits, await heard(file, units));
    const copy = path.join(work, 'copy.wav');
    await writeFile(copy, library.writeWav({ sampleRate, channels: [copied] }));
    read.copies += editDistance(truthUnits, await heard(copy, units));
  }
  const count = rows.length;
  const share = (part, whole) => `${((100 * part) / whole).toFixed(2)} %`;
  console.log(`${set}: ${count} sentences, ${(sums.truth / sampleRate).toFixed(1)} s, ${engine}`);
  console.log(
    `  MCD ${(sums.mcd / count).toFixed(3)} dB; recordings through the same mels ${(sums.copy / count).toFixed(3)} dB`,
  );
  console.log(
    `  length ${share(sums.own - sums.truth, sums.truth)} of all, ${share(sums.apart, count)} a sentence`,
  );
  const seconds = 1000 * (sums.own / sampleRate);
  console.log(
    `  real-time factor ${(sums.ms / seconds).toFixed(3)}, of which the waveform ${(sums.waveMs / seconds).toFixed(3)}`,
  );
  if (units !== undefined) {
    const name = units === 'phonemes' ? 'PER' : 'CER';
    console.log(
      `  ${name} of the voice ${share(read.voice, read.of)}, of the recordings ${share(read.recordings, read.of)}, ` +
        `through the same mels ${share(read.copies, read.of)} (${read.of})`,
    );
  }
  if (preprocessing.reading.kind !== 'phonemes') return;
  const found = await alignmentOf(library, voice, rows, values.speed);
  const { sounds, compared, near, median, ninth } = found;
  console.log(
    `  onsets within 20 ms of espeak-ng's: ${share(near, 1)} of ${compared} (of ${sounds} sounds); median ${median.toFixed(1)} ms, nine of ten within ${ninth.toFixed(1)} ms`,
  );
}

function say(text, outputPath) {
  return client.call('inference/run', { modelPath: folder, input: { text }, outputPath });
}

async function inUnits(text, units) {
  if (units === 'characters') return Array.from(comparedTranscript(text));
  return (await phonemesOf(text, true, pronounceBy(lexicon, undefined))).phonemes;
}

async function heard(audioPath, units) {
  const { output } = await client.call('inference/run', { modelPath: recogniser, input: { audioPath } });
  return units === 'phonemes' ? output.text.split(' ') : Array.from(comparedTranscript(output.text));
}
