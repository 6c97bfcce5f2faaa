import { defineTrainingTask } from '../../sdk/trainingTask';
import { dataOptions, modelOptions } from './config';
import { findVoice } from './data';

export default defineTrainingTask({
  title: 'Text to speech',
  description:
    'Learns to speak as a person does: recordings of one speaker with their texts in, a voice out.',
  data: dataOptions,
  model: modelOptions,
  inspect: async (context) => [...(await findVoice(context, context.signal)).problems],
  load: () => import('./train'),
});
