import { defineTrainingTask } from '../../sdk/trainingTask';
import { dataOptions, modelOptions } from './config';
import { analyse } from './data';

export default defineTrainingTask({
  title: 'Text classification',
  description: 'Sorts texts by a label: names by gender, opinions by mood, messages by subject.',
  data: dataOptions,
  model: modelOptions,
  usesClassWeights: true,
  inspect: async (context) => [...(await analyse(context, context.signal)).problems],
  load: () => import('./train'),
});
