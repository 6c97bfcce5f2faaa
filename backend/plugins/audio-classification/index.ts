import { defineTrainingTask } from '../../sdk/trainingTask';
import { dataOptions, modelOptions } from './config';
import { findClips } from './data';

export default defineTrainingTask({
  title: 'Audio classification',
  description:
    'Tells short sounds apart: spoken keywords, noises, instruments. Takes wav files, one folder for each label.',
  data: dataOptions,
  model: modelOptions,
  inspect: async (context) => [...(await findClips(context, context.signal)).problems],
  load: () => import('./train'),
});
