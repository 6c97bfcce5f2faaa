import {
  input,
  layers,
  model as modelOf,
  type LayersModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import {
  AttentionBlock,
  ConvBlock,
  FastDropout,
  MeanScores,
  Presence,
  registerBlocks,
  Unfold,
} from '../../../ml/layers/blocks';
import type { ModelOptions } from './config';

export interface Pronouncer {
  /** Ids `[batch, length]`, 0 for padding → scores `[batch, upsampling · length, classes]`, class 0 the blank. */
  readonly model: LayersModel;
  /** The same layers, with the scores of each member: what is trained. */
  readonly members: LayersModel;
}

/** Letters to CTC scores: embedding → convolutions → attention → several frames a letter; several such, averaged. */
export function buildModel(options: ModelOptions, letters: number, classes: number): Pronouncer {
  registerBlocks();
  const ids = input({ shape: [null], dtype: 'int32', name: 'letters' });
  const presence = new Presence({ name: 'presence' }).apply(ids) as SymbolicTensor;
  const scores = Array.from({ length: options.members }, (_, i) =>
    member(options, { ids, presence, letters, classes, prefix: options.members === 1 ? '' : `${i + 1}_` }),
  );
  const [first] = scores;
  if (first === undefined) throw new Error('a model has at least one member');
  const mean =
    scores.length === 1 ? first : (new MeanScores({ name: 'mean' }).apply(scores) as SymbolicTensor);
  return {
    model: modelOf({ inputs: ids, outputs: mean }),
    members: modelOf({ inputs: ids, outputs: scores }),
  };
}

interface Surroundings {
  readonly ids: SymbolicTensor;
  readonly presence: SymbolicTensor;
  readonly letters: number;
  readonly classes: number;
  /** Before the names of its layers. */
  readonly prefix: string;
}

function member(
  options: ModelOptions,
  { ids, presence, letters, classes, prefix }: Surroundings,
): SymbolicTensor {
  const { channels, kernelSize, dropout: rate, heads, inner, upsampling } = options;
  const named = (name: string): { name: string } => ({ name: prefix + name });
  const drop = (name: string, y: SymbolicTensor): SymbolicTensor =>
    new FastDropout({ rate, ...named(name) }).apply(y) as SymbolicTensor;
  const embedding = layers.embedding({ inputDim: letters + 1, outputDim: channels, ...named('embedding') });
  let x = drop('embedding_dropout', embedding.apply(ids) as SymbolicTensor);
  for (let i = 1; i <= options.convolutions; i++) {
    const block = new ConvBlock({ kernelSize, rate, ...named(`convolution_${i}`) });
    x = block.apply([x, presence]) as SymbolicTensor;
  }
  for (let i = 1; i <= options.attention; i++) {
    const block = new AttentionBlock({ heads, inner, rate, ...named(`attention_${i}`) });
    x = block.apply([x, presence]) as SymbolicTensor;
  }
  const frames = layers.dense({ units: channels * upsampling, activation: 'relu', ...named('frames') });
  x = frames.apply(x) as SymbolicTensor;
  x = new Unfold({ factor: upsampling, ...named('unfold') }).apply(x) as SymbolicTensor;
  x = drop('frames_dropout', x);
  return layers.dense({ units: classes, ...named('scores') }).apply(x) as SymbolicTensor;
}
