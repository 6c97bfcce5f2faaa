/** Published recognisers: a sound becomes a text, with the times of its parts, and what is heard so far on the way. */
import type { SourceFolder } from '../weights/byteSource';
import type { Work } from './work';

export interface HeardSegment {
  /** Seconds. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Heard {
  readonly text: string;
  readonly segments: readonly HeardSegment[];
}

/** What is known of a sound that is still being heard; its end may yet change. */
export interface Hearing extends Heard {
  /** Seconds that are done with, and of the whole. */
  readonly heardSeconds: number;
  readonly totalSeconds: number;
}

export interface HearWork extends Work {
  readonly onHearing?: (hearing: Hearing) => void;
}

export interface PublishedListener {
  readonly does: 'hear';
  readonly task: 'automatic-speech-recognition';
  /** Of the sound that it is given. */
  readonly sampleRate: number;
  /** @param samples mono at `sampleRate`, −1..1. Throws `input.invalid`. */
  hear(samples: Float32Array, parameters?: unknown, work?: HearWork): Promise<Heard>;
  dispose(): void;
}

export type LoadListener = (folder: SourceFolder, config: unknown) => Promise<PublishedListener>;

/** The text of parts that are set apart by spaces. */
export function heardOf(segments: readonly HeardSegment[]): Heard {
  return { text: segments.map(({ text }) => text).join(' '), segments: [...segments] };
}
