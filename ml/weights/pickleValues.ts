/** What the pickles of weight files may hold. Classes and functions are names only: nothing is ever called. */
import type { StoredType } from './elements';

export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleList
  | PickleDict
  | PickleTuple
  | PickleName
  | PickleStorage
  | PickleTensor;

export class PickleList {
  readonly items: PickleValue[] = [];
}

export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

/** A dict or an OrderedDict. */
export class PickleDict {
  readonly entries = new Map<PickleValue, PickleValue>();
}

/** A class or a function of Python that is known here, by its full name. */
export class PickleName {
  constructor(readonly name: string) {}
}

/** A run of numbers that tensors are views of. */
export class PickleStorage {
  constructor(
    readonly key: string,
    readonly dtype: StoredType,
    /** Elements. */
    readonly length: number,
  ) {}
}

export class PickleTensor {
  constructor(
    readonly storage: PickleStorage,
    /** Of the first element in the storage; strides too are in elements. */
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}
