import { defineTrainingTask } from '../../sdk/trainingTask';
import { dataOptions, modelOptions } from './config';
import { analyse } from './data';

export default defineTrainingTask({
  title: 'Table classification',
  description: 'Learns one column of a table from the others: measurements to kinds, answers to groups.',
  data: dataOptions,
  model: modelOptions,
  usesClassWeights: true,
  inspect: async (context) => [...(await analyse(context, context.signal)).problems],
  load: () => import('./train'),
});
