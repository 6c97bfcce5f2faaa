import { defineModelRuntime } from '../../sdk/modelRuntime';
import { detect } from './detect';

/** Voices and recognisers on sherpa-onnx, which brings the signal processing, the phonemes and the decoding with it. */
export default defineModelRuntime({
  title: 'sherpa-onnx',
  engine: 'onnx',
  detect: async (files) => {
    const layout = await detect(files);
    if (layout === undefined) return undefined;
    const { task, architecture, lacks } = layout;
    return { task, architecture, lacks };
  },
  load: () => import('./run'),
});
