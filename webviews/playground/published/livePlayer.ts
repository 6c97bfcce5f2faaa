/** Plays a sound while it is still being made: pieces follow one another without a seam. */
import type { Sound } from './work';

/** A piece that is begun right now may be late for its first samples. */
const lead = 0.03;

export class LivePlayer {
  private context: AudioContext | undefined;
  /** Where the next piece begins, on the context's clock. */
  private end = 0;
  private readonly playing = new Set<AudioBufferSourceNode>();

  constructor(private readonly onChange: () => void) {}

  /** Seconds that were pushed and not yet heard. */
  get left(): number {
    return this.context === undefined ? 0 : Math.max(0, this.end - this.context.currentTime);
  }

  get busy(): boolean {
    return this.playing.size > 0;
  }

  /** The editor wants something to be pressed in the page first. */
  get blocked(): boolean {
    return this.busy && this.context?.state === 'suspended';
  }

  push({ samples, sampleRate }: Sound): void {
    if (samples.length === 0) return;
    const context = this.contextFor(sampleRate);
    const buffer = context.createBuffer(1, samples.length, sampleRate);
    buffer.copyToChannel(new Float32Array(samples), 0);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    const at = Math.max(context.currentTime + lead, this.end);
    this.end = at + buffer.duration;
    this.playing.add(source);
    source.addEventListener('ended', () => {
      this.playing.delete(source);
      this.onChange();
    });
    source.start(at);
    this.onChange();
  }

  resume(): Promise<void> {
    return this.context?.resume() ?? Promise.resolve();
  }

  stop(): void {
    for (const source of this.playing) source.stop();
    this.playing.clear();
    this.end = 0;
    this.onChange();
  }

  dispose(): void {
    this.stop();
    const { context } = this;
    this.context = undefined;
    if (context !== undefined) void context.close();
  }

  /** At the sound's own rate: resampled piece by piece it would click where they meet. */
  private contextFor(sampleRate: number): AudioContext {
    if (this.context?.sampleRate === sampleRate) return this.context;
    this.dispose();
    this.context = new AudioContext({ sampleRate });
    this.context.addEventListener('statechange', () => this.onChange());
    return this.context;
  }
}
