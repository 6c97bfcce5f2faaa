/** What the shown code has to know of a sound and of the input that hears it. */
import type { TensorSpec } from '../../../ml/bare/bareModel';
import { heardInput, soundWindows } from '../../../ml/bare/soundWindows';
import { timeAxis } from '../../../ml/bare/timeAxis';
import { resample } from '../../../ml/audio/resample';
import type { BareSnippetSound } from './bareSnippet';
import type { GivenSound } from './part';

export function snippetSound(inputs: readonly TensorSpec[], sound: GivenSound): BareSnippetSound {
  const { parameters } = sound;
  const heard = heardInput(inputs, parameters.input);
  const samples = resample(sound.samples, sound.sampleRate, parameters.sampleRate);
  const { length, hop, lead, width } = soundWindows(heard, samples, parameters);
  const axis = timeAxis(heard.shape, width);
  return {
    file: (sound.path ?? sound.name).replaceAll('\\', '/'),
    parameters,
    windows: {
      length,
      hop,
      lead,
      shape: axis?.shape(-1) ?? [],
      whole: axis?.length === null && parameters.window.length === undefined,
    },
  };
}
