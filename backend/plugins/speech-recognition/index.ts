import { defineTrainingTask } from '../../sdk/trainingTask';
import { dataOptions, modelOptions } from './config';
import { findSpeech } from './data';

export default defineTrainingTask({
  title: 'Speech recognition',
  description: 'Learns to write down what is said: recordings with their texts in, letters out.',
  data: dataOptions,
  model: modelOptions,
  inspect: async (context) => [...(await findSpeech(context, context.signal)).problems],
  load: () => import('./train'),
});
