/** A transcript as a document that reads right in an editor, whose lines all begin at the left. Pure. */
import type { Transcript } from '../../protocol/model/transcript';

const mark = '\u200f';

/** Full stops and brackets at either end of a right-to-left line stay at their end of it. */
export function directedLine(text: string): string {
  const first = /\p{L}/u.exec(text)?.[0] ?? '';
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(first) ? `${mark}${text}${mark}` : text;
}

/** The text, then each part under its times: on a line of their own they turn nothing round. */
export function transcriptDocument({ text, segments }: Transcript): string {
  const parts = segments.map(
    ({ start, end, text: part }) => `${clock(start)} – ${clock(end)}\n${directedLine(part.trim())}\n`,
  );
  return [`${directedLine(text.trim())}\n`, ...parts].join('\n');
}

/** `1:02.34` */
function clock(seconds: number): string {
  const hundredths = Math.max(0, Math.round(seconds * 100));
  const rest = ((hundredths % 6000) / 100).toFixed(2).padStart(5, '0');
  return `${Math.floor(hundredths / 6000)}:${rest}`;
}
