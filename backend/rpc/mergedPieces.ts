import { inferenceProgress } from '../../protocol/model/inference';

/** What two pieces say together that come too soon after one another to be sent apart: nothing of either is lost. */
export function mergedPieces(earlier: unknown, later: unknown): unknown {
  const [first, second] = [inferenceProgress.parse(earlier), inferenceProgress.parse(later)];
  if ('piece' in first && 'piece' in second) return { ...second, piece: first.piece + second.piece };
  if ('pieces' in first && 'pieces' in second) return { pieces: [...first.pieces, ...second.pieces] };
  return second;
}
