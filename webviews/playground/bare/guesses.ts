/** What an input is likely to be filled with, and how an output is shown: told by their shapes, until somebody chooses. */
import type { TensorSpec } from '../../../ml/bare/bareModel';
import { imageLayout } from '../../../ml/bare/imagePixels';
import type { PlainOutput } from '../../../ml/bare/outputs';
import { timeAxis } from '../../../ml/bare/timeAxis';
import { inputKinds, type InputKind, type ViewKind } from './saved';

/** An input of so many steps is likely to hear. */
const soundLength = 4000;

/** The likeliest first. */
export function possibleKinds(spec: TensorSpec): readonly InputKind[] {
  if (spec.dtype !== 'float32' && spec.dtype !== 'int32') return ['numbers'];
  const image = imageLayout(spec) !== undefined;
  const samples = timeAxis(spec.shape, 1);
  const frames = spec.shape !== undefined && spec.shape.length >= 2;
  const long = samples !== undefined && (samples.length ?? 0) >= soundLength;
  const open = spec.shape?.length === 1 && spec.shape[0] === null;
  const kinds: InputKind[] = [];
  if (image) kinds.push('image');
  if (spec.dtype === 'float32' && (samples !== undefined || frames)) kinds.push('sound');
  kinds.push('numbers');
  const likely: InputKind = image ? 'image' : long || open ? 'sound' : 'numbers';
  const first = kinds.includes(likely) ? likely : 'numbers';
  return [first, ...inputKinds.filter((one) => one !== first && kinds.includes(one))];
}

/** A guess from the shape alone. */
export function likelyView({ shape, dtype }: PlainOutput): ViewKind {
  if (dtype === 'string') return 'table';
  const axes = shape.filter((length) => length !== 1);
  const [rows = 1, columns = 1] = axes.slice(-2);
  if (axes.length === 1) return rows > 1000 ? 'line' : 'scores';
  if (axes.length === 3 && (axes[2] === 3 || axes[2] === 4)) return 'image';
  return axes.length === 2 && rows > 4 && columns > 4 ? 'heat' : 'table';
}
