import { MlError } from '../errors';
import { PickleDict, PickleList, PickleTensor, PickleTuple, type PickleValue } from './pickleValues';

const deepest = 16;
const mostValues = 1_000_000;

/**
 * The tensors of a state dict by name. Containers within it give names joined with dots, as in `state_dict.linear.weight`;
 * everything else in a checkpoint (steps, settings) is left out. Throws `model.corrupt`.
 */
export function namedTensors(root: PickleValue, file: string): Map<string, PickleTensor> {
  const found = new Map<string, PickleTensor>();
  let visited = 0;
  const visit = (value: PickleValue, name: string, depth: number): void => {
    visited++;
    if (depth > deepest || visited > mostValues) {
      throw new MlError('model.corrupt', `${file} is damaged: its contents are nested without end.`);
    }
    if (value instanceof PickleTensor) {
      if (found.has(name)) throw new MlError('model.corrupt', `${file} has two tensors named "${name}".`);
      found.set(name, value);
      return;
    }
    const within = (key: string): string => (name === '' ? key : `${name}.${key}`);
    if (value instanceof PickleDict) {
      for (const [key, item] of value.entries) {
        if (typeof key === 'string' || typeof key === 'number') visit(item, within(String(key)), depth + 1);
      }
    } else if (value instanceof PickleList || value instanceof PickleTuple) {
      value.items.forEach((item, i) => visit(item, within(String(i)), depth + 1));
    }
  };
  visit(root, '', 0);
  checkStorages(found.values(), file);
  return found;
}

/** Tensors may share a storage, which then has one type and one length. */
function checkStorages(tensors: Iterable<PickleTensor>, file: string): void {
  const known = new Map<string, PickleTensor['storage']>();
  for (const { storage } of tensors) {
    const before = known.get(storage.key) ?? storage;
    if (before.dtype !== storage.dtype || before.length !== storage.length) {
      throw new MlError('model.corrupt', `${file} is damaged: the storage "${storage.key}" has two types.`);
    }
    known.set(storage.key, storage);
  }
}
