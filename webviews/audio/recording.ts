/** What is open: tracks that are read, a view of them, and what plays. */
import { createStore, type Store } from '../common/store';
import { findOffset, type Heard } from './align';
import type { AudioOutput } from './audioOutput';
import { Deck } from './deck';
import type { KeyAction } from './keys';
import { scan } from './scan';
import { lengthOf, type Track } from './track';
import * as views from './view';

export interface RecordingOptions {
  readonly tracks: readonly Track[];
  readonly output: AudioOutput;
  /** View, or what a track is known by, changed. */
  onView(): void;
  /** Played, paused, moved, or time went on. */
  onTime(): void;
  /** All of a track was read. */
  onRead(track: Track): void;
  onError(error: unknown): void;
}

export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;

export class Recording {
  readonly store: Store<views.View>;
  readonly deck: Deck;
  private rate = 1;
  private stopAt: number | undefined;
  private readonly work = new AbortController();

  constructor(private readonly options: RecordingOptions) {
    const { tracks, output, onError } = options;
    this.store = createStore<views.View>(views.wholeView(lengthOf(tracks)));
    this.deck = new Deck({
      tracks,
      output,
      loop: () => views.loopRange(this.store.get()),
      onChange: () => this.moved(),
      onError,
    });
    this.store.subscribe((view, before) => {
      if (JSON.stringify(views.loopRange(view)) !== JSON.stringify(views.loopRange(before)))
        this.deck.loopChanged();
      options.onView();
    });
  }

  get tracks(): readonly Track[] {
    return this.options.tracks;
  }

  get speed(): number {
    return this.rate;
  }

  get duration(): number {
    return this.store.get().duration;
  }

  /** Reads every track once, for its peaks and figures. */
  read(): void {
    const { signal } = this.work;
    for (const track of this.tracks)
      scan(
        track.samples,
        (scanned) => {
          if (signal.aborted) return;
          track.scanned = scanned;
          // Peaks grow outside of the view: the same view is drawn again.
          this.change((view) => ({ ...view }));
          if (scanned.figures !== undefined) this.options.onRead(track);
        },
        signal,
      ).catch((error: unknown) => {
        if (!signal.aborted) this.options.onError(error);
      });
  }

  change(next: (view: views.View) => views.View): void {
    this.store.update(next);
  }

  act(action: KeyAction): void {
    const { deck } = this;
    this.stopAt = undefined;
    switch (action.kind) {
      case 'toggle':
        return void deck.toggle();
      case 'seek':
        return deck.seek(deck.time + action.seconds);
      case 'start':
        return deck.seek(this.store.get().selection?.from ?? 0);
      case 'end':
        return deck.seek(this.duration);
      case 'zoom':
        return this.change((view) => views.zoom(view, action.factor, deck.time));
      case 'fit':
        return this.change(views.fit);
      case 'loop':
        return this.change(views.toggleLoop);
      case 'clear':
        return this.change(views.clearSelection);
      case 'slower':
      case 'faster':
        return this.setSpeed(nextSpeed(this.rate, action.kind === 'faster' ? 1 : -1));
      case 'other':
        return void deck.hear((deck.active + 1) % this.tracks.length);
    }
  }

  /** Plays one part and stops after it, as a click on a word asks for. */
  hear(from: number, to: number): void {
    this.stopAt = to;
    this.deck.seek(from);
    void this.deck.play();
  }

  /** Lays the second track over the first; answers how much later it begins, undefined where they are not alike. */
  align(): number | undefined {
    const [first, second] = this.tracks;
    if (first === undefined || second === undefined) return undefined;
    const offset = findOffset(heardOf(first), heardOf(second));
    if (offset === undefined) return undefined;
    first.offset = Math.max(0, -offset);
    second.offset = Math.max(0, offset);
    this.change((view) => views.fit({ ...view, duration: lengthOf(this.tracks) }));
    return offset;
  }

  setSpeed(rate: number): void {
    this.rate = rate;
    this.deck.setSpeed(rate);
    this.options.onTime();
  }

  dispose(): void {
    this.work.abort();
    this.deck.dispose();
  }

  /** The clock runs from here while it plays. */
  private moved(): void {
    this.options.onTime();
    this.change((view) => views.follow(view, this.deck.time));
    if (this.deck.playing) requestAnimationFrame(() => this.tick());
  }

  private tick(): void {
    if (this.work.signal.aborted || !this.deck.playing) return;
    this.deck.tick();
    if (this.stopAt !== undefined && this.deck.time >= this.stopAt) {
      this.stopAt = undefined;
      this.deck.pause();
    }
    this.options.onTime();
    this.change((view) => views.follow(view, this.deck.time));
    requestAnimationFrame(() => this.tick());
  }
}

function heardOf({ scanned, samples: { sampleRate, seconds } }: Track): Heard {
  return { scanned, sampleRate, seconds };
}

function nextSpeed(rate: number, direction: 1 | -1): number {
  const index = speeds.findIndex((each) => each === rate);
  return speeds[Math.min(speeds.length - 1, Math.max(0, index + direction))] ?? 1;
}
