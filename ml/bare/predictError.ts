import { MlError } from '../errors';

const noKernel = /Kernel '(\w+)' not registered for (?:the )?backend '(\w+)'/;
const notThere = /Op type not registered '(\w+)'/;

/** What went wrong while a model ran, in words of ours: the engine lacks an operation, or the input does not suit the model. */
export function predictError(error: unknown): MlError {
  if (error instanceof MlError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const [, kernel, engine] = noKernel.exec(reason) ?? [];
  const op = kernel ?? notThere.exec(reason)?.[1];
  if (op !== undefined) {
    const where = engine === undefined ? 'This engine' : `The engine ${engine}`;
    const message = `${where} has no kernel for ${op}, which the model needs. Choose another engine: cpu has the most.`;
    return new MlError('model.unsupported', message, { cause: error });
  }
  return new MlError('input.invalid', `TensorFlow.js could not run the model on this input: ${reason}`, {
    cause: error,
  });
}
