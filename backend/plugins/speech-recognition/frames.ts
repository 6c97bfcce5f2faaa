import type { ModelOptions } from './config';

/** Of the model's frames, whatever hears: log-mel frames of 10 ms by twos, or an encoder's of 20 ms each. */
export const secondsOfFrame = 0.02;

/** Frames that are given for each of the model's. */
export const foldOf = ({ encoder }: Pick<ModelOptions, 'encoder'>): number => (encoder === undefined ? 2 : 1);
