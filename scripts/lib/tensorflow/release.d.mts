import type { Wheel } from './provision.mjs';

export const bytesNeeded: number;
export const kernelsFile: string;
export const release: { readonly version: string; readonly wheels: Readonly<Record<string, Wheel>> };
