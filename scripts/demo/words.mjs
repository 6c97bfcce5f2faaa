import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { must } from './steps.mjs';
import { train } from './train.mjs';

const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** Asks the model of names about each of the first names that it did not learn from. */
export async function useNames(client, tell, run, workspace) {
  const text = await readFile(path.join(workspace, 'data', 'names', 'dev.tsv'), 'utf8');
  const rows = text.trim().split(/\r?\n/).slice(1);
  const every = Math.floor(rows.length / 8);
  let right = 0;
  for (let i = 0; i < 8; i += 1) {
    const [name, truth] = rows[i * every].split('\t');
    const { output } = await client.call('inference/run', {
      modelPath: run.outputPath,
      input: { text: name },
    });
    const [best] = output.labels;
    if (best.label === truth) right += 1;
    tell(
      `${name} → ${best.label} (${best.score.toFixed(3)})${best.label === truth ? '' : `, it is ${truth}`}`,
    );
  }
  tell(`${right} of 8 right; of all ${rows.length} validation names ${percent(run.metrics.val_accuracy)}`);
  must(run.metrics.val_accuracy > 0.75, 'the names were hardly learnt');
}

/**
 * The sample's config for Goya's own pronunciation model runs for minutes: this is a smaller network on a part of its words,
 * whose error rates say how much the rest is for.
 */
export async function trainPronunciation(client, tell, workspace) {
  const text = await readFile(path.join(workspace, 'pronunciation.train.json'), 'utf8');
  const short = [
    [/"name": "[^"]*"/, '"name": "Persian pronunciation, in short"'],
    [/"epochWords": \d+/, '"epochWords": 4000'],
    [/"channels": \d+/, '"channels": 64'],
    [/"epochs": (\d+)/, (_, n) => `"epochs": ${Math.min(n, 2)}`],
    [/"warmupSteps": \d+/, '"warmupSteps": 20'],
    [/"output": "[^"]*"/, '"output": "models/trained/pronunciation-short"'],
  ].reduce((config, [pattern, value]) => {
    must(pattern.test(config), `pronunciation.train.json has no ${pattern}`);
    return config.replace(pattern, value);
  }, text);
  const file = path.join(workspace, 'pronunciation-short.train.json');
  await writeFile(file, short);
  const run = await train(client, tell, file);
  const { val_per: per, val_wer: wer } = run.metrics;
  tell(
    `after ${run.epochs} × 4000 words: ${percent(per)} of the phonemes and ${percent(wer)} of the unseen words are wrong`,
  );
  must(per < 0.6, 'nothing was learnt');
  return run;
}

/** The model that ships, which the whole config trained. */
export async function pronounce(client, tell, run) {
  const sentence = 'او کتاب‌های تازه‌اش را به دانشجویان داد';
  const { words } = await client.call('text/phonemize', { text: sentence });
  tell(`as it ships: ${words.map(({ word, phonemes }) => `${word} /${phonemes.join('')}/`).join(' ')}`);
  must(words.length > 4 && words.every(({ phonemes }) => phonemes.length > 0), 'a word has no pronunciation');
  const { output } = await client.call('inference/run', {
    modelPath: run.outputPath,
    input: { text: sentence },
  });
  tell(
    `trained here: ${output.values.words.map(({ word, phonemes }) => `${word} /${phonemes.join('')}/`).join(' ')}`,
  );
}
