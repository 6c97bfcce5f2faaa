import { openFiles, readAudioHeader } from '../sdk/audioFiles';
import { mapParallel } from '../sdk/parallel';
import type { Findings, Place } from './findings';

/** A clip that a data set names. */
export interface ClipRef {
  /** Absolute. */
  readonly file: string;
  /** As the data set names it, for messages. */
  readonly name: string;
  /** Where it is named; the clip's own file without one. */
  readonly place?: Place;
}

const shortest = 0.05;

/** Seconds, bytes, rates and lengths of a data set's sound, from the files' headers. */
export class ClipFigures {
  private readonly rates = new Map<number, number>();
  private readonly channels = new Map<number, number>();
  private seconds = 0;
  private shortest = Infinity;
  private longest = 0;
  private readable = 0;
  bytes = 0;

  constructor(
    private readonly findings: Findings,
    private readonly signal: AbortSignal,
  ) {}

  /** Answers each clip's length in seconds; undefined for a clip that cannot be read, which becomes a problem. */
  async read(clips: readonly ClipRef[]): Promise<(number | undefined)[]> {
    const headers = await mapParallel(clips, openFiles, (clip) => readAudioHeader(clip.file), this.signal);
    return headers.map(({ info, fault, bytes, missing }, i) => {
      const clip = clips[i];
      const place = clip?.place ?? { file: clip?.file ?? '' };
      this.bytes += bytes;
      if (fault !== undefined) {
        const code = missing ? 'audio.missing' : 'audio.unreadable';
        this.findings.add('error', code, `${clip?.name ?? ''}: ${fault}`, place);
        return undefined;
      }
      this.count(info.sampleRate, info.channels, info.seconds);
      if (info.seconds < shortest) {
        const ms = Math.round(info.seconds * 1000);
        this.findings.add('warning', 'audio.short', `${clip?.name ?? ''} lasts ${ms} ms only.`, place);
      }
      return info.seconds;
    });
  }

  private count(rate: number, channels: number, seconds: number): void {
    this.rates.set(rate, (this.rates.get(rate) ?? 0) + 1);
    this.channels.set(channels, (this.channels.get(channels) ?? 0) + 1);
    this.seconds += seconds;
    this.shortest = Math.min(this.shortest, seconds);
    this.longest = Math.max(this.longest, seconds);
    this.readable++;
  }

  /** After all clips: what can only be said of them together, and the figures. */
  finish(): Record<string, unknown> {
    const rates = [...this.rates].sort(([a], [b]) => a - b);
    if (rates.length > 1) {
      const list = rates.map(([rate, count]) => `${count} at ${rate} Hz`).join(', ');
      this.findings.add('warning', 'audio.sampleRates', `The clips have different sampling rates: ${list}.`);
    }
    if (this.readable === 0) return {};
    return {
      seconds: this.seconds,
      sampleRates: Object.fromEntries(rates),
      channels: Object.fromEntries(this.channels),
      shortestSeconds: this.shortest,
      longestSeconds: this.longest,
    };
  }
}
