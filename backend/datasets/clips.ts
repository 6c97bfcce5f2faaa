import type { SoundKind } from '../../ml/audio/soundInfo';
import { figure, listed, say } from '../language/say';
import { openFiles } from '../sdk/audioFiles';
import { mapParallel } from '../sdk/parallel';
import { clipOutcome, Decodings, type ClipFacts, type ClipOutcome } from './clipFacts';
import type { Inspection } from './context';
import type { IndexedRow } from './indexedRow';

/** Seconds. */
const shortest = 0.05;
const shortestSpeech = 0.3;
const longest = 30;
const longestSilence = 1;
/** Fewer are peaks that just reach full scale. */
const fewestClipped = 10;
/** Width of the bars of the histogram in seconds, and how many there are; the last takes all that is longer. */
const binSeconds = 1;
const bins = 31;

/** Seconds, bytes, rates and lengths of a data set's sound, and what is wrong with it. */
export class Clips {
  private readonly rates = new Map<number, number>();
  private readonly channels = new Map<number, number>();
  /** Recordings of which nothing but the length was looked at. */
  private readonly unheard = new Map<SoundKind, number>();
  readonly decodings = new Decodings();
  private readonly byContent = new Map<string, IndexedRow>();
  private readonly durations = new Array<number>(bins).fill(0);
  private readonly counted = new Set<string>();
  private seconds = 0;
  private shortest = Infinity;
  private longest = 0;
  private readable = 0;
  bytes = 0;

  constructor(private readonly inspection: Inspection) {}

  /** Every row with a recording; `spoken`: texts belong to the clips. */
  async read(rows: readonly IndexedRow[], spoken: boolean): Promise<void> {
    const { clips, signal, onProgress } = this.inspection;
    const named = rows.filter((row) => row.audioPath !== undefined);
    const block = 1024;
    for (let at = 0; at < named.length; at += block) {
      onProgress({ phase: 'sound', done: at, total: named.length });
      const part = named.slice(at, at + block);
      let done = at;
      const outcomes = await mapParallel(
        part,
        openFiles,
        async (row) => {
          const outcome = await clipOutcome(row.audioPath ?? '', clips, this.decodings, signal);
          if (++done % 64 === 0) onProgress({ phase: 'sound', done, total: named.length });
          return outcome;
        },
        signal,
      );
      // In the rows' order, whichever was read first.
      part.forEach((row, i) => this.take(row, outcomes[i], spoken));
    }
    onProgress({ phase: 'sound', done: named.length, total: named.length });
  }

  take(row: IndexedRow, outcome: ClipOutcome | undefined, spoken: boolean): void {
    if (outcome === undefined) return;
    const { findings } = this.inspection;
    const isNew = !this.counted.has(row.audioPath ?? row.id);
    this.counted.add(row.audioPath ?? row.id);
    if (isNew) this.bytes += outcome.bytes;
    if (outcome.facts === undefined) {
      const code = outcome.missing ? 'audio.missing' : 'audio.unreadable';
      findings.add('error', code, say`${row.audioName ?? row.id}: ${outcome.fault}`, row);
      return;
    }
    const { facts } = outcome;
    row.seconds = facts.seconds;
    row.kind = facts.kind;
    if (facts.peak !== undefined) row.peak = facts.peak;
    // A recording that two rows name is there once.
    if (isNew) this.count(facts);
    this.checkLength(row, facts, spoken);
    this.checkLevels(row, facts);
    this.checkContent(row, facts);
  }

  private count({ sampleRate, channels, seconds, kind, peak }: ClipFacts): void {
    this.rates.set(sampleRate, (this.rates.get(sampleRate) ?? 0) + 1);
    this.channels.set(channels, (this.channels.get(channels) ?? 0) + 1);
    if (peak === undefined) this.unheard.set(kind, (this.unheard.get(kind) ?? 0) + 1);
    const bin = Math.min(bins - 1, Math.floor(seconds / binSeconds));
    this.durations[bin] = (this.durations[bin] ?? 0) + 1;
    this.seconds += seconds;
    this.shortest = Math.min(this.shortest, seconds);
    this.longest = Math.max(this.longest, seconds);
    this.readable++;
  }

  private checkLength(row: IndexedRow, { seconds }: ClipFacts, spoken: boolean): void {
    const { findings } = this.inspection;
    const name = row.audioName ?? row.id;
    if (seconds < (spoken ? shortestSpeech : shortest)) {
      findings.add(
        'warning',
        'audio.short',
        () => say`${name} lasts ${Math.round(seconds * 1000)} ms only.`,
        row,
      );
    }
    if (spoken && seconds > longest) {
      const length = (): string => figure(seconds, 1);
      findings.add(
        'warning',
        'audio.long',
        () => say`${name} lasts ${length()} s; clips of speech over ${longest} s are hard to learn from.`,
        row,
      );
    }
  }

  private checkLevels(row: IndexedRow, facts: ClipFacts): void {
    const { findings } = this.inspection;
    const { peak, clippedSamples = 0, leadSeconds = 0, tailSeconds = 0, seconds } = facts;
    const name = row.audioName ?? row.id;
    if (peak === undefined) return;
    if (leadSeconds >= seconds && seconds > 0) {
      findings.add('warning', 'audio.silent', () => say`${name} is silent from end to end.`, row);
      return;
    }
    if (clippedSamples >= fewestClipped) {
      const sentence = (): string =>
        say`${name} is clipped: ${clippedSamples} samples in runs at full scale. Record it anew, less loud.`;
      findings.add('warning', 'audio.clipping', sentence, row);
    }
    if (leadSeconds > longestSilence || tailSeconds > longestSilence) {
      const sentence = (): string =>
        say`${name} has ${figure(leadSeconds, 1)} s of silence at its start and ${figure(tailSeconds, 1)} s at its end.`;
      findings.add('warning', 'audio.silence', sentence, row);
    }
  }

  private checkContent(row: IndexedRow, { hash }: ClipFacts): void {
    const first = this.byContent.get(hash);
    if (first === undefined) this.byContent.set(hash, row);
    // One file that two rows name is told of by the rows.
    else if (first.audioPath !== row.audioPath || row.audioPath === undefined) {
      const sentence = (): string =>
        say`${row.audioName ?? row.id} has the same sound as ${first.audioName ?? first.id}.`;
      this.inspection.findings.add('warning', 'audio.duplicate', sentence, row);
    }
  }

  /** After all clips: what can only be said of them together, and the figures. */
  finish(): Record<string, unknown> {
    const rates = [...this.rates].sort(([a], [b]) => a - b);
    const { findings, source } = this.inspection;
    const place = source.table === undefined ? { file: source.path } : { file: source.table };
    if (rates.length > 1) {
      const list = listed(rates.map(([rate, count]) => say`${count} at ${rate} Hz`));
      findings.add(
        'warning',
        'audio.sampleRates',
        say`The clips have different sampling rates: ${list}.`,
        place,
      );
    }
    if (this.unheard.size > 0) {
      const list = listed([...this.unheard].map(([kind, count]) => `${count} ${kind}`));
      const message = say`Of ${list} only the length was looked at, not the sound: decoding takes time. Inspect again to look at more.`;
      findings.add('info', 'audio.compressed', message, place);
    }
    if (this.readable === 0) return {};
    return {
      seconds: this.seconds,
      sampleRates: Object.fromEntries(rates),
      channels: Object.fromEntries(this.channels),
      shortestSeconds: this.shortest,
      longestSeconds: this.longest,
      durations: { binSeconds, counts: this.durations },
    };
  }
}
