/** What a decoder knows of the texts that people say: spelling by character n-grams and, where there is a list, words. */
import { edge, type CharacterPrior } from './characterPrior';
import { logAdd } from './ctcLoss';
import { isBoundary, type WordPrior, type WordRange } from './wordPrior';

export interface TextPrior {
  readonly spelling: CharacterPrior;
  readonly words?: WordPrior | undefined;
  /** Share of the words of a text that are in the list, 0..1: how much is thought of a word for being there. */
  readonly known?: number | undefined;
}

/** After the first letters of a word. */
export interface PriorState {
  /** The last characters, as the spelling looks at them. */
  readonly context: string;
  /** Words of the list that begin so. */
  readonly range: WordRange | undefined;
  /** Nats of the open word's letters by the list and by the spelling, and of both as they are mixed. */
  readonly listed: number;
  readonly spelt: number;
  readonly word: number;
}

const defaultKnown = 0.8;
const nonJoiner = '\u200c';

/** Walks through texts, letter by letter; a word's likelihood is a mixture of the list's and the spelling's. */
export class TextWalker {
  private readonly known: number;
  private readonly unknown: number;

  constructor(
    private readonly prior: TextPrior,
    private readonly labels: readonly string[],
  ) {
    const share = prior.known ?? defaultKnown;
    this.known = Math.log(share);
    this.unknown = Math.log(1 - share);
  }

  start(): PriorState {
    return this.opened(edge);
  }

  private opened(context: string): PriorState {
    return { context, range: this.prior.words?.all, listed: 0, spelt: 0, word: 0 };
  }

  /** The state after one more character, and what it was likely to be, in nats. */
  next(state: PriorState, label: number): { readonly state: PriorState; readonly gain: number } {
    const { spelling, words } = this.prior;
    const character = this.labels[label] ?? '';
    const likely = spelling.after(state.context, this.labels)[label] ?? -Infinity;
    const context = spelling.contextOf(state.context + character);
    if (words === undefined) return { state: { ...state, context }, gain: likely };
    const spelt = state.spelt + likely;
    if (isBoundary(character)) {
      const share = likely - logAdd(likely, this.otherEnds(state.context, character));
      const listed = state.listed + this.endOf(state.range) + share;
      return { state: this.opened(context), gain: this.mixed(listed, spelt) - state.word };
    }
    const range = state.range === undefined ? undefined : words.following(state.range, character);
    const listed =
      range === undefined || state.range === undefined
        ? -Infinity
        : state.listed + words.likelihood(range, state.range);
    const word = this.mixed(listed, spelt);
    return { state: { context, range, listed, spelt, word }, gain: word - state.word };
  }

  /** Nats of a text that ends here. */
  end(state: PriorState): number {
    const likely = this.prior.spelling.end(state.context);
    if (this.prior.words === undefined) return likely;
    const share = likely - logAdd(likely, this.endsBut(state.context, ''));
    return this.mixed(state.listed + this.endOf(state.range) + share, state.spelt + likely) - state.word;
  }

  private mixed(listed: number, spelt: number): number {
    return logAdd(this.known + listed, this.unknown + spelt);
  }

  private endOf(range: WordRange | undefined): number {
    return range === undefined ? -Infinity : (this.prior.words?.end(range) ?? -Infinity);
  }

  /** Nats of a word's ending otherwise than with a character. */
  private otherEnds(context: string, character: string): number {
    return logAdd(this.prior.spelling.end(context), this.endsBut(context, character));
  }

  private endsBut(context: string, character: string): number {
    const after = this.prior.spelling.after(context, this.labels);
    let sum = -Infinity;
    for (const one of [' ', nonJoiner]) {
      const label = one === character ? -1 : this.labels.indexOf(one);
      if (label >= 0) sum = logAdd(sum, after[label] ?? -Infinity);
    }
    return sum;
  }
}
