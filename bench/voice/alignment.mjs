/** How near the onsets that a voice found by monotonic alignment search are to those of espeak-ng. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** Seconds. */
const near = 0.02;

/** @param rows of one set: `{ text, samples, rate }` */
export async function alignmentOf(library, voice, rows, speed) {
  const { symbolsOf, unitsOf, pronounceBy, utteranceBounds, plainPhonemes } = library;
  const { metadata, model, lexicon } = voice;
  const { preprocessing } = metadata;
  const network = new library.VoiceNetwork(model, preprocessing.mels);
  const symbols = new library.Symbols(metadata.labels);
  const mels = new library.VoiceMels(preprocessing);
  const truths = onsetsOf(rows, speed);
  const off = [];
  let sounds = 0;
  for (const [i, { text, samples, rate }] of rows.entries()) {
    const heard = library.atRate(samples, rate, preprocessing.sampleRate);
    const { from } = utteranceBounds(heard, preprocessing.sampleRate);
    const spectrum = mels.compute(library.tidyUtterance(heard, preprocessing.sampleRate));
    library.normalizeMels(spectrum.data, preprocessing.mean, preprocessing.deviation);
    const units = unitsOf(text, preprocessing.reading);
    const read = await symbolsOf(units, preprocessing.reading, pronounceBy(lexicon, undefined));
    const { ids } = symbols.encode(read.symbols);
    const utterance = { ids, mels: spectrum.data, frames: spectrum.frames };
    const { frames } = network.alignmentOf(library.toBatch([utterance], preprocessing.mels));
    let at = 0;
    const own = ids.flatMap((id, n) => {
      const begins = at;
      at += frames[n];
      const [name] = plainPhonemes([metadata.labels[id - 1]]);
      // A frame is the sound round its middle: what is between two frames begins half a frame before the second.
      return name === undefined
        ? []
        : [{ name, at: (from + (begins - 0.5) * preprocessing.hop) / preprocessing.sampleRate }];
    });
    if (truths[i].samples !== samples.length)
      throw new Error(`espeak-ng says ${text} otherwise than the recording`);
    const truth = truths[i].sounds
      .map(([name, sample]) => ({ name: name.replace(/[ːˈˌ]/gu, ''), at: sample / truths[i].rate }))
      .filter(({ name }) => /\p{L}/u.test(name));
    sounds += own.length;
    for (const [a, b] of pairs(own, truth)) off.push(Math.abs(a.at - b.at));
  }
  off.sort((a, b) => a - b);
  return {
    sounds,
    compared: off.length,
    near: off.filter((seconds) => seconds <= near).length / off.length,
    median: 1000 * off[off.length >> 1],
    ninth: 1000 * off[Math.floor(off.length * 0.9)],
  };
}

/** A process each: of a second sentence espeak-ng's library makes other samples than of a first. */
function onsetsOf(rows, speed) {
  const script = path.join(import.meta.dirname, 'onsets.py');
  return rows.map(({ text }) => {
    const { stdout, stderr, status, error } = spawnSync('python3', [script, speed], {
      input: `${text}\n`,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`onsets.py: ${stderr}`, { cause: error });
    return JSON.parse(stdout);
  });
}

/** The sounds that both sequences have, by the way of fewest edits: espeak-ng says some words otherwise in a sentence than alone. */
function pairs(own, truth) {
  const bare = (one) => one.name.replace(/ː/gu, '');
  const cost = Array.from({ length: own.length + 1 }, () => new Int32Array(truth.length + 1));
  for (let i = own.length; i >= 0; i--)
    for (let j = truth.length; j >= 0; j--) {
      if (i === own.length || j === truth.length) cost[i][j] = own.length - i + truth.length - j;
      else {
        const same = bare(own[i]) === bare(truth[j]) ? 0 : 1;
        cost[i][j] = Math.min(same + cost[i + 1][j + 1], 1 + cost[i + 1][j], 1 + cost[i][j + 1]);
      }
    }
  const found = [];
  for (let i = 0, j = 0; i < own.length && j < truth.length;) {
    const same = bare(own[i]) === bare(truth[j]) ? 0 : 1;
    if (cost[i][j] === same + cost[i + 1][j + 1]) {
      if (same === 0) found.push([own[i], truth[j]]);
      i++;
      j++;
    } else if (cost[i][j] === 1 + cost[i + 1][j]) i++;
    else j++;
  }
  return found;
}
