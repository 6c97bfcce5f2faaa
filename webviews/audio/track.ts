/** One recording on the page: its sound, what is known of it so far, and its place on the common timeline. */
import type { SoundFile } from '../../protocol/api/panel';
import type { Samples } from './samples';
import type { Scan } from './scan';
import type { Range } from './view';

export interface Track {
  readonly file: SoundFile;
  readonly samples: Samples;
  scanned: Scan;
  /** Where it begins on the timeline, in seconds: not 0 only for one of two that are compared. */
  offset: number;
}

/** Seconds of the timeline as seconds of the recording. */
export function local({ offset }: Track, range: Range): Range {
  return { from: range.from - offset, to: range.to - offset };
}

/** Length of the timeline. */
export function lengthOf(tracks: readonly Track[]): number {
  return Math.max(0, ...tracks.map(({ offset, samples }) => offset + samples.seconds));
}

/** dBFS of the loudest sample that was read so far. */
export function peakDb({ scanned }: Track): number {
  return 20 * Math.log10(Math.max(0, ...scanned.peaks.map((peaks) => peaks.highest)));
}
