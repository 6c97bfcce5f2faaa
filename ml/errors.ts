/**
 * Errors of the pure library. Its hosts map the code to their own error type: `ml/` may not import `protocol/`.
 *
 * - `audio.invalid`: the bytes are no audio file this code can read, or are damaged
 * - `audio.unsupported`: a sound format that is known but not decoded here
 * - `model.corrupt`: a model's files contradict each other or their own format
 * - `model.unsafe`: a model's files ask for code to be run, which is never done
 * - `model.unsupported`: well-formed, but not something this code runs
 * - `input.invalid`: what was given to a model does not fit what it was trained on
 */
export type MlErrorCode =
  | 'audio.invalid'
  | 'audio.unsupported'
  | 'model.corrupt'
  | 'model.unsafe'
  | 'model.unsupported'
  | 'input.invalid';

export class MlError extends Error {
  override readonly name = 'MlError';

  constructor(
    readonly code: MlErrorCode,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
  }
}
