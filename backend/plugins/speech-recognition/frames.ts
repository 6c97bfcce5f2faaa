/** Frames of 10 ms that make one of the model's. */
export const fold = 2;
/** Of the model's frames. */
export const secondsOfFrame = 0.01 * fold;
