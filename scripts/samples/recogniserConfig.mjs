const training = (epochs, monitor) => ({
  epochs,
  batchSize: 16,
  seed: 7,
  clipNorm: 5,
  optimizer: { type: 'adamw', learningRate: 0.002, weightDecay: 0.01 },
  schedule: { type: 'cosine', warmupSteps: 100 },
  checkpoints: { keep: 2, monitor },
});

/** What the search does with a word list: chosen on the sentences in `tuning`. */
const withWords = { weight: 1, perCharacter: 1.8, known: 0.9, width: 24 };

/** Training configs for a sample set of many voices, for the folder of the set itself. `words`: the word list's name in it. */
export function recogniserConfig(rate, words) {
  return {
    task: 'speech-recognition',
    name: 'espeak-ng recogniser',
    data: { path: 'metadata.csv', validationPath: 'tuning', words },
    model: { kernelSize: 5, sampleRate: rate, prior: words === undefined ? undefined : withWords },
    training: training(26, 'val_cer'),
    output: 'recogniser',
  };
}

export function phonemesConfig(rate) {
  return {
    task: 'speech-recognition',
    name: 'espeak-ng phonemes',
    data: { path: 'metadata.csv', validationPath: 'tuning', lexicon: 'lexicon.tsv' },
    model: { kernelSize: 5, sampleRate: rate, units: 'phonemes' },
    training: training(16, 'val_per'),
    output: 'phonemes',
  };
}
