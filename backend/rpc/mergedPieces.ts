import { inferenceProgress } from '../../protocol/model/inference';

/** Two pieces of a text that come too soon after one another to be sent apart. */
export function mergedPieces(earlier: unknown, later: unknown): unknown {
  const [first, second] = [inferenceProgress.parse(earlier), inferenceProgress.parse(later)];
  return { piece: first.piece + second.piece, tokens: second.tokens };
}
