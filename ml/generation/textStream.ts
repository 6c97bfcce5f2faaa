/** Text of tokens as they come: only what later tokens can no longer change is given away. */

export interface TextStreamOptions {
  readonly decode: (ids: readonly number[]) => string;
  /** Texts that end it; they are not given themselves. */
  readonly stops?: readonly string[];
}

/** What a decoder writes for bytes that are no whole character, or not yet one. */
const unfinished = /\uFFFD+$/u;

export class TextStream {
  private readonly ids: number[] = [];
  private readonly stops: readonly string[];
  private given = '';
  private over = false;

  constructor(private readonly options: TextStreamOptions) {
    this.stops = (options.stops ?? []).filter((stop) => stop !== '');
  }

  /** All that was given. */
  get text(): string {
    return this.given;
  }

  /** Whether a stop was met: nothing more is given. */
  get stopped(): boolean {
    return this.over;
  }

  /** The next piece, perhaps empty. */
  push(id: number): string {
    this.ids.push(id);
    const text = this.options.decode(this.ids);
    return this.give(text, (whole) => this.settled(whole));
  }

  /** What was held back, once no token comes any more. */
  end(): string {
    return this.give(this.options.decode(this.ids), (whole) => whole);
  }

  private give(text: string, settled: (text: string) => string): string {
    if (this.over) return '';
    const ends = this.stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
    this.over = ends.length > 0;
    const safe = this.over ? text.slice(0, Math.min(...ends)) : settled(text);
    const piece = safe.slice(this.given.length);
    this.given += piece;
    return piece;
  }

  /** Without the bytes of a character that is still to come, and without what may be the beginning of a stop. */
  private settled(text: string): string {
    const whole = text.replace(unfinished, '');
    let held = 0;
    for (const stop of this.stops) {
      for (let length = Math.min(stop.length - 1, whole.length); length > held; length--) {
        if (whole.endsWith(stop.slice(0, length))) held = length;
      }
    }
    return whole.slice(0, whole.length - held);
  }
}
