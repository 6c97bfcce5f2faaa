/** Going on from a trained voice, of the same speaker or another one. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { disposeTrained, loadTrained } from '../../../ml/trained/load';
import type { VoiceFeatureOptions } from '../../../ml/voice/features';
import { Symbols } from '../../../ml/voice/symbols';
import { invalidData } from '../../sdk/errors';
import { folderFiles } from '../../sdk/modelFiles';
import { problem } from '../../sdk/trainingTask';
import { say } from './words';

export interface OldVoice {
  /** Sounds are learnt as it heard them. */
  readonly figures: { readonly mean: number[]; readonly deviation: number[] };
  /** Gives the model its weights; a sound that it does not know begins as the nearest that it does. */
  lend(model: LayersModel, symbols: readonly string[]): void;
  dispose(): void;
}

/** Rejects with `training.invalidData` for a voice of other sizes, and with what is wrong with the files of its model. */
export async function openOldVoice(folder: string, features: VoiceFeatureOptions): Promise<OldVoice> {
  const old = await loadTrained(folderFiles(folder));
  const { model, metadata } = old;
  const { preprocessing, labels } = metadata;
  const same =
    preprocessing.kind === 'voice' &&
    (['sampleRate', 'nFft', 'hop', 'mels', 'fMin', 'fMax', 'floor'] as const).every(
      (name) => preprocessing[name] === features[name],
    );
  if (!same) {
    disposeTrained(old);
    throw other();
  }
  const { mean, deviation } = preprocessing;
  return {
    figures: { mean, deviation },
    lend: (target, symbols) => {
      const own = new Map(model.weights.map((weight) => [weight.originalName, weight.read()]));
      const weights = target.weights.map((weight) => {
        const given = own.get(weight.originalName);
        if (weight.originalName.startsWith('symbols/') && given !== undefined)
          return embedding(weight.read(), given, symbols, new Symbols(labels));
        if (given === undefined || String(given.shape) !== String(weight.shape)) throw other();
        return given.clone();
      });
      target.setWeights(weights);
      tf.dispose(weights);
    },
    dispose: () => disposeTrained(old),
  };
}

const other = () =>
  invalidData([
    problem(
      '/model/from',
      say`The voice to go on from has other sizes than this config's model; make them alike.`,
    ),
  ]);

/** Rows of the symbols that both know, `[symbols + 1, channels]`; the others stay as they are. */
function embedding(fresh: tf.Tensor, old: tf.Tensor, symbols: readonly string[], known: Symbols): tf.Tensor {
  const channels = fresh.shape[1] ?? 0;
  if (old.shape[1] !== channels) throw other();
  const values = fresh.dataSync<'float32'>().slice();
  const given = old.dataSync<'float32'>();
  symbols.forEach((symbol, i) => {
    const id = known.idOf(symbol) ?? 0;
    if (id > 0) values.set(given.subarray(id * channels, (id + 1) * channels), (i + 1) * channels);
  });
  return tf.tensor(values, fresh.shape);
}
