import * as tf from '@tensorflow/tfjs-core';
import { hifiganConfig } from '../../ml/models/hifigan/config';
import { Hifigan } from '../../ml/models/hifigan/model';
import { isModel, type GoldenCase, type GoldenFamily } from './goldenCase';

/** A case that tries the other setting on another case's mels says so in its name. */
const otherSetting = /_normalize_before_(true|false)$/;

async function run(golden: GoldenCase): Promise<void> {
  const config = hifiganConfig(golden.config);
  const names = golden.wanted().filter((name) => name.endsWith('waveform.npy'));
  for (const name of names) {
    const folder = name.slice(0, -'/waveform.npy'.length);
    const normalizes = otherSetting.exec(folder)?.[1];
    const own = `${folder}/mel.npy`;
    const mels = golden.hasInput(own) ? own : `${folder.replace(otherSetting, '')}/mel.npy`;
    const model = await Hifigan.load(await golden.weights(), {
      ...config,
      ...(normalizes === undefined ? {} : { normalizes: normalizes === 'true' }),
    });
    try {
      await vocode(golden, model, mels, name);
    } finally {
      model.dispose();
    }
  }
}

async function vocode(golden: GoldenCase, model: Hifigan, mels: string, name: string): Promise<void> {
  const { data, shape } = await golden.input(mels);
  const [batch, frames, width] = shape.length === 3 ? shape : [1, ...shape];
  const input = tf.tensor3d(Float32Array.from(data), [batch ?? 1, frames ?? 0, width ?? 0]);
  const wave = model.vocode(input);
  golden.put(name, await wave.data<'float32'>(), shape.length === 3 ? wave.shape : [wave.size]);
  tf.dispose([input, wave]);
}

export const hifiganGolden: GoldenFamily = {
  name: 'hifigan',
  matches: (golden) => isModel(golden, 'hifigan', /^SpeechT5HifiGan/),
  run,
};
