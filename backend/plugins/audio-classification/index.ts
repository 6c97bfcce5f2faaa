import { classWeightProblems } from '../../sdk/classWeights';
import { defineTrainingTask } from '../../sdk/trainingTask';
import { dataOptions, modelOptions } from './config';
import { findClips } from './data';

export default defineTrainingTask({
  title: 'Audio classification',
  description:
    'Tells short sounds apart: spoken keywords, noises, instruments. Takes wav files, one folder for each label.',
  data: dataOptions,
  model: modelOptions,
  usesClassWeights: true,
  inspect: async (context) => {
    const { labels, problems } = await findClips(context, context.signal);
    return [...problems, ...classWeightProblems(context.training.classWeights, labels)];
  },
  load: () => import('./train'),
});
