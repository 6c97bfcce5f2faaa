/** A training config for a sample set of one voice, for the folder of the set itself. */
export function voiceConfig(rate) {
  return {
    task: 'text-to-speech',
    name: 'espeak-ng voice',
    data: { path: 'metadata.csv', lexicon: 'lexicon.tsv' },
    model: { sampleRate: rate },
    training: {
      epochs: 60,
      batchSize: 8,
      seed: 7,
      clipNorm: 1,
      optimizer: { type: 'adamw', learningRate: 0.001, weightDecay: 0.01 },
      schedule: { type: 'cosine', warmupSteps: 100, finalFactor: 0.05 },
      checkpoints: { everyEpochs: 5, keep: 2, monitor: 'val_mcd' },
    },
    output: 'voice',
  };
}
