/**
 * A transcript as a document of an editor. Times stand on lines of their own, so that they turn no text round; no marks of
 * direction are written, since VS Code shows those as red boxes. Pure.
 */
import type { Transcript } from '../../protocol/model/transcript';

/** The text, then each part under its times. */
export function transcriptDocument({ text, segments }: Transcript): string {
  const parts = segments.map(
    ({ start, end, text: part }) => `${clock(start)} – ${clock(end)}\n${part.trim()}\n`,
  );
  return [`${text.trim()}\n`, ...parts].join('\n');
}

/** `1:02.34` */
function clock(seconds: number): string {
  const hundredths = Math.max(0, Math.round(seconds * 100));
  const rest = ((hundredths % 6000) / 100).toFixed(2).padStart(5, '0');
  return `${Math.floor(hundredths / 6000)}:${rest}`;
}
