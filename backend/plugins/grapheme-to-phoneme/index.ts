import { defineTrainingTask } from '../../sdk/trainingTask';
import { dataOptions, modelOptions } from './config';
import { findWords } from './data';

export default defineTrainingTask({
  title: 'Letters to phonemes',
  description: 'Learns how words are pronounced from a lexicon: letters in, phonemes out.',
  data: dataOptions,
  model: modelOptions,
  inspect: async (context) => [...(await findWords(context, context.signal)).problems],
  load: () => import('./train'),
});
