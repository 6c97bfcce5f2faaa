const training = (epochs, monitor) => ({
  epochs,
  batchSize: 16,
  seed: 7,
  clipNorm: 5,
  optimizer: { type: 'adamw', learningRate: 0.002, weightDecay: 0.01 },
  schedule: { type: 'cosine', warmupSteps: 100 },
  checkpoints: { keep: 2, monitor },
});

/** Training configs for a sample set of many voices, for the folder of the set itself. */
export function recogniserConfig(rate) {
  return {
    task: 'speech-recognition',
    name: 'espeak-ng recogniser',
    data: { path: 'metadata.csv', validationPath: 'tuning' },
    model: { kernelSize: 5, sampleRate: rate },
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
