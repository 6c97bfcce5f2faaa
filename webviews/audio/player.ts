/**
 * Plays the file itself, so that speed keeps its pitch and seeking is the browser's. A sound that the browser cannot
 * play although we can read it is turned into 16-bit PCM first.
 */
import type { Range } from './view';

/** The part of an audio element that is needed; given by the page, so that tests need no browser. */
export interface Media {
  src: string;
  currentTime: number;
  playbackRate: number;
  readonly paused: boolean;
  play(): Promise<void>;
  pause(): void;
  addEventListener(
    type: 'play' | 'pause' | 'ended' | 'error' | 'seeked',
    listener: () => void,
    options: { signal: AbortSignal },
  ): void;
}

export interface PlayerOptions {
  readonly media: Media;
  /** Address of the file as it is. */
  readonly source: string;
  /** Address of the same sound as plain PCM; asked for once, when the file itself does not play. */
  readonly fallback: () => Promise<string>;
  readonly loop: () => Range | undefined;
  onChange(): void;
  onError(error: unknown): void;
}

export class Player {
  private readonly media: Media;
  private fellBack = false;
  /** Playing was asked for; kept while the fallback is made. */
  private wanted = false;
  /** The element outlives the player: another file is played with the same one. */
  private readonly listening = new AbortController();

  constructor(private readonly options: PlayerOptions) {
    this.media = options.media;
    this.media.src = options.source;
    const { signal } = this.listening;
    for (const event of ['play', 'pause', 'seeked'] as const)
      this.media.addEventListener(event, () => options.onChange(), { signal });
    this.media.addEventListener('ended', () => this.atEnd(), { signal });
    this.media.addEventListener('error', () => void this.fallBack(), { signal });
  }

  get playing(): boolean {
    return !this.media.paused;
  }

  get time(): number {
    return this.media.currentTime;
  }

  async play(): Promise<void> {
    this.wanted = true;
    const loop = this.options.loop();
    if (loop !== undefined && (this.time < loop.from || this.time >= loop.to)) this.seek(loop.from);
    try {
      await this.media.play();
    } catch (error) {
      // A file that does not play also fires `error`, which leads to the fallback: only then is there more to say.
      if (this.fellBack) this.options.onError(error);
    }
  }

  pause(): void {
    this.wanted = false;
    this.media.pause();
  }

  async toggle(): Promise<void> {
    if (this.playing) this.pause();
    else await this.play();
  }

  seek(seconds: number): void {
    this.media.currentTime = Math.max(0, seconds);
    this.options.onChange();
  }

  dispose(): void {
    this.listening.abort();
    this.pause();
  }

  setSpeed(rate: number): void {
    this.media.playbackRate = rate;
  }

  /** To be called at every frame while playing: the element itself only loops over whole files. */
  tick(): void {
    const loop = this.options.loop();
    if (loop !== undefined && this.playing && this.time >= loop.to) this.media.currentTime = loop.from;
  }

  private atEnd(): void {
    const loop = this.options.loop();
    this.options.onChange();
    if (loop === undefined || !this.wanted) {
      this.wanted = false;
      return;
    }
    this.media.currentTime = loop.from;
    void this.play();
  }

  private async fallBack(): Promise<void> {
    if (this.fellBack) return;
    this.fellBack = true;
    try {
      const { currentTime, playbackRate } = this.media;
      this.media.src = await this.options.fallback();
      this.media.currentTime = currentTime;
      this.media.playbackRate = playbackRate;
      if (this.wanted) await this.media.play();
    } catch (error) {
      this.options.onError(error);
    }
  }
}
