/**
 * Plays a recording from its samples, a second ahead at most: any encoding that can be read can be heard, a loop ends
 * at its very sample, and another speed keeps the pitch.
 */
import { TimeStretch } from '../../ml/dsp/timeStretch';
import type { AudioOutput, Voice } from './audioOutput';
import type { Samples } from './samples';
import type { Range } from './view';

export interface PlayerOptions {
  readonly samples: Pick<Samples, 'read' | 'sampleRate' | 'frames' | 'seconds'>;
  readonly output: AudioOutput;
  readonly loop: () => Range | undefined;
  onChange(): void;
  onError(error: unknown): void;
}

/** A piece that sounds or is about to: which part of the recording is heard when. */
interface Scheduled {
  readonly voice: Voice;
  readonly when: number;
  readonly until: number;
  /** Seconds in the recording at `when`. */
  readonly from: number;
}

const aheadSeconds = 1;
const pieceSeconds = 0.25;
/** The first piece starts this much later than it is asked for, so that none of it comes too late. */
const leadSeconds = 0.03;

export class Player {
  private at = 0;
  private speed = 1;
  private wanted = false;
  private scheduled: Scheduled[] = [];
  /** What is read for an earlier session is not played any more. */
  private session = 0;
  private feeding = false;
  private next = 0;
  private nextAt = 0;
  private drained = false;
  private stretch: TimeStretch | undefined;

  constructor(private readonly options: PlayerOptions) {}

  get playing(): boolean {
    return this.wanted;
  }

  /** Seconds in the recording. */
  get time(): number {
    if (!this.wanted) return this.at;
    const now = this.options.output.time;
    const current = this.scheduled.findLast(({ when }) => when <= now);
    if (current === undefined) return this.at;
    return current.from + (Math.min(now, current.until) - current.when) * this.speed;
  }

  async play(): Promise<void> {
    if (this.wanted) return;
    const { output, samples, loop, onError, onChange } = this.options;
    const range = loop();
    if (range !== undefined && (this.at < range.from || this.at >= range.to)) this.at = range.from;
    else if (this.at >= samples.seconds) this.at = 0;
    this.wanted = true;
    onChange();
    try {
      await output.start(samples.sampleRate);
      if (this.playing) this.restart();
    } catch (error) {
      this.pause();
      onError(error);
    }
  }

  pause(): void {
    if (!this.wanted) return;
    this.at = this.time;
    this.wanted = false;
    this.silence();
    this.options.onChange();
  }

  async toggle(): Promise<void> {
    if (this.wanted) this.pause();
    else await this.play();
  }

  seek(seconds: number): void {
    const { samples, onChange } = this.options;
    this.moveTo(Math.min(samples.seconds, Math.max(0, seconds)));
    onChange();
  }

  setSpeed(rate: number): void {
    if (rate === this.speed) return;
    const { time } = this;
    this.speed = rate;
    this.moveTo(time);
  }

  /** Another loop, or none: what was scheduled after its end is taken back. */
  loopChanged(): void {
    if (this.wanted) this.moveTo(this.time);
  }

  /** To be called at every frame while playing. */
  tick(): void {
    if (!this.wanted) return;
    const { output, samples, onChange } = this.options;
    const now = output.time;
    const playing = this.scheduled.findLastIndex(({ when }) => when <= now);
    if (playing > 0) this.scheduled = this.scheduled.slice(playing);
    const last = this.scheduled.at(-1);
    if (this.drained && (last === undefined || now >= last.until)) {
      this.wanted = false;
      this.at = samples.seconds;
      this.silence();
      onChange();
      return;
    }
    void this.feed();
  }

  dispose(): void {
    this.wanted = false;
    this.silence();
  }

  private moveTo(seconds: number): void {
    this.at = seconds;
    if (this.wanted) this.restart();
  }

  private silence(): void {
    this.session++;
    for (const { voice } of this.scheduled) voice.stop();
    this.scheduled = [];
  }

  private restart(): void {
    const { samples, output } = this.options;
    this.silence();
    this.next = Math.round(this.at * samples.sampleRate);
    this.nextAt = output.time + leadSeconds;
    this.drained = false;
    this.feeding = false;
    this.stretch = undefined;
    void this.feed();
  }

  private async feed(): Promise<void> {
    if (this.feeding) return;
    this.feeding = true;
    const { session } = this;
    try {
      while (
        session === this.session &&
        !this.drained &&
        this.nextAt < this.options.output.time + aheadSeconds
      )
        await this.feedOne(session);
    } catch (error) {
      if (session !== this.session) return;
      this.pause();
      this.options.onError(error);
    } finally {
      if (session === this.session) this.feeding = false;
    }
  }

  private async feedOne(session: number): Promise<void> {
    const { samples, output, loop } = this.options;
    const range = loop();
    const end = Math.min(samples.frames, Math.round((range?.to ?? samples.seconds) * samples.sampleRate));
    const wrap = range === undefined ? undefined : Math.round(range.from * samples.sampleRate);
    const from = this.next;
    const piece = Math.round(pieceSeconds * this.speed * samples.sampleRate);
    const count = Math.max(0, Math.min(piece, end - from));
    const channels = count === 0 ? [] : await samples.read(from, count);
    if (session !== this.session) return;
    const length = channels[0]?.length ?? 0;
    this.next = from + length;
    const last = length === 0 || this.next >= end;
    const heard = length === 0 ? [] : this.atSpeed(channels, last);
    const frames = heard[0]?.length ?? 0;
    if (frames > 0) {
      // What comes late starts now: better a gap than two pieces at once.
      const when = Math.max(this.nextAt, output.time);
      const until = when + frames / samples.sampleRate;
      const source = this.soundingFrom(from, length, frames) / samples.sampleRate;
      this.scheduled.push({
        voice: output.play(heard, samples.sampleRate, when),
        when,
        until,
        from: source,
      });
      this.nextAt = until;
    }
    if (!last) return;
    if (wrap === undefined || wrap >= end) this.drained = true;
    else this.next = wrap;
  }

  /** Stretched sound lags behind what was given, by what waits for the next piece. */
  private soundingFrom(from: number, given: number, heard: number): number {
    return this.speed === 1 ? from : Math.max(0, from + given - heard * this.speed);
  }

  private atSpeed(channels: readonly Float32Array[], last: boolean): readonly Float32Array[] {
    if (this.speed === 1) return channels;
    const { sampleRate } = this.options.samples;
    this.stretch ??= new TimeStretch({ sampleRate, channels: channels.length, rate: this.speed });
    const out = this.stretch.push(channels);
    if (!last) return out;
    const rest = this.stretch.finish();
    this.stretch = undefined;
    return out.map((channel, i) => joined(channel, rest[i] ?? new Float32Array(0)));
  }
}

function joined(a: Float32Array, b: Float32Array): Float32Array {
  const both = new Float32Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
