import * as z from 'zod';
import type { TranscriptSegment } from '../../protocol/model/transcript';

const segments = z.array(z.object({ start: z.number(), end: z.number(), text: z.string() }));

/** The parts of a recogniser's answer with their times; none where it gives none. */
export function segmentsOf(values: unknown): TranscriptSegment[] {
  return segments.safeParse(values).data ?? [];
}
