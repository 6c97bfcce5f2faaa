/** A transcript as a file: plain text, subtitles (SubRip, WebVTT) or JSON. */
export interface TranscriptSegment {
  /** Seconds. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Transcript {
  readonly text: string;
  readonly segments: readonly TranscriptSegment[];
}

export const transcriptFormats = ['txt', 'srt', 'vtt', 'json'] as const;
export type TranscriptFormat = (typeof transcriptFormats)[number];

/** Longest line of a subtitle, in seconds and in letters: word by word nobody can read. */
const longest = { seconds: 6, letters: 42 };
/** A silence between words that ends a line, in seconds. */
const pause = 0.8;

export function transcriptFile(transcript: Transcript, format: TranscriptFormat): string {
  switch (format) {
    case 'txt':
      return `${transcript.text}\n`;
    case 'json':
      return `${JSON.stringify({ text: transcript.text, segments: transcript.segments }, null, 2)}\n`;
    case 'srt':
      return cues(transcript)
        .map(
          (cue, i) =>
            `${i + 1}\n${clock(cue.start, ',')} --> ${clock(cue.end, ',')}\n${directed(cue.text)}\n`,
        )
        .join('\n');
    case 'vtt':
      return `WEBVTT\n\n${cues(transcript)
        .map(
          ({ start, end, text }) =>
            `${clock(start, '.')} --> ${clock(end, '.')}\n${escaped(directed(text))}\n`,
        )
        .join('\n')}`;
  }
}

/** Segments joined to lines that can be read: a recogniser of letters gives a segment for each word. */
export function cues({ segments }: Pick<Transcript, 'segments'>): TranscriptSegment[] {
  const lines: TranscriptSegment[] = [];
  for (const segment of segments) {
    const text = segment.text.replace(/\s+/g, ' ').trim();
    if (text === '') continue;
    const last = lines.at(-1);
    const joined = last === undefined ? '' : `${last.text} ${text}`;
    const fits =
      last !== undefined &&
      segment.start - last.end < pause &&
      segment.end - last.start <= longest.seconds &&
      joined.length <= longest.letters;
    if (fits) lines[lines.length - 1] = { start: last.start, end: segment.end, text: joined };
    else lines.push({ start: segment.start, end: segment.end, text });
  }
  return lines;
}

/** `01:02:03,456` */
function clock(seconds: number, mark: string): string {
  const total = Math.max(0, Math.round(seconds * 1000));
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const milliseconds = String(total % 1000).padStart(3, '0');
  return `${two(total / 3_600_000)}:${two((total / 60_000) % 60)}:${two((total / 1000) % 60)}${mark}${milliseconds}`;
}

/** Players lay a line out from left to right unless it begins otherwise: its full stop would stand at the wrong end. */
export function directed(text: string): string {
  const first = /\p{L}/u.exec(text)?.[0] ?? '';
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(first) ? `\u200f${text}` : text;
}

/** WebVTT reads `<` and `&` as markup, and `-->` as times. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
