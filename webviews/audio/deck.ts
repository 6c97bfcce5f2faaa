/** What plays: the tracks' players, of which one is heard, on the common timeline. */
import type { AudioOutput } from './audioOutput';
import { Player } from './player';
import type { Track } from './track';
import type { Range } from './view';

export interface DeckOptions {
  readonly tracks: readonly Track[];
  readonly output: AudioOutput;
  readonly loop: () => Range | undefined;
  onChange(): void;
  onError(error: unknown): void;
}

export class Deck {
  private readonly players: readonly Player[];
  private heard = 0;
  private speed = 1;

  constructor(private readonly options: DeckOptions) {
    const { output, loop, onChange, onError } = options;
    this.players = options.tracks.map(
      (track) =>
        new Player({
          samples: track.samples,
          output,
          loop: () => within(track, loop()),
          onChange,
          onError,
        }),
    );
  }

  get playing(): boolean {
    return this.player?.playing ?? false;
  }

  /** Seconds of the timeline. */
  get time(): number {
    return (this.player?.time ?? 0) + this.offset;
  }

  /** Which of the tracks is heard. */
  get active(): number {
    return this.heard;
  }

  async toggle(): Promise<void> {
    await this.player?.toggle();
  }

  async play(): Promise<void> {
    await this.player?.play();
  }

  pause(): void {
    this.player?.pause();
  }

  seek(seconds: number): void {
    this.player?.seek(seconds - this.offset);
  }

  setSpeed(rate: number): void {
    this.speed = rate;
    for (const player of this.players) player.setSpeed(rate);
  }

  loopChanged(): void {
    this.player?.loopChanged();
  }

  tick(): void {
    this.player?.tick();
  }

  /** The other recording from the same place on; playing goes on in it. */
  async hear(index: number): Promise<void> {
    if (index === this.heard || this.players[index] === undefined) return;
    const { time, playing } = this;
    this.player?.pause();
    this.heard = index;
    this.player?.setSpeed(this.speed);
    this.seek(time);
    if (playing) await this.play();
  }

  dispose(): void {
    for (const player of this.players) player.dispose();
  }

  private get player(): Player | undefined {
    return this.players[this.heard];
  }

  private get offset(): number {
    return this.options.tracks[this.heard]?.offset ?? 0;
  }
}

function within({ offset, samples }: Track, range: Range | undefined): Range | undefined {
  if (range === undefined) return undefined;
  const from = Math.max(0, range.from - offset);
  const to = Math.min(samples.seconds, range.to - offset);
  return to > from ? { from, to } : undefined;
}
