/**
 * WordPiece as BERT uses it (Devlin et al. 2018, equal to Hugging Face's fast tokenizer), with the place of each token
 * in the text: labels of words and entities need those.
 */
import { bertWords, cleanedChars, type PlacedChar } from './bertText';
import type { WordPieceFiles } from './wordPieceFiles';

export interface PlacedToken {
  readonly id: number;
  readonly token: string;
  /** Code points of its text, `[start, end)`; 0, 0 for a special token around it. */
  readonly start: number;
  readonly end: number;
  /** The word of its text that it is of; undefined for special tokens around it. */
  readonly word: number | undefined;
  /** 0 or 1: the text of a pair. */
  readonly type: number;
}

export interface WordPieceOptions {
  readonly pair?: string;
  /** Adds [CLS] and [SEP]; true by default. */
  readonly special?: boolean;
  /** Tokens with the special ones; the longer of a pair is cut first. */
  readonly most?: number;
}

export class WordPiece {
  constructor(readonly files: WordPieceFiles) {}

  encode(text: string, { pair, special = true, most = Infinity }: WordPieceOptions = {}): PlacedToken[] {
    const texts = pair === undefined ? [text] : [text, pair];
    const pieces = texts.map((one, type) => this.pieces(one, type));
    const around = special ? texts.length + 1 : 0;
    const cut = truncated(pieces, Math.max(0, most - around));
    if (!special) return cut.flat();
    const { cls, sep } = this.files;
    return cut.flatMap((tokens, type) => [
      ...(type === 0 ? [this.special(cls, 0)] : []),
      ...tokens,
      this.special(sep, type),
    ]);
  }

  idOf(token: string): number | undefined {
    return this.files.vocabulary.get(token);
  }

  private special(token: string, type: number): PlacedToken {
    const id = this.idOf(token) ?? this.unknownId();
    return { id, token, start: 0, end: 0, word: undefined, type };
  }

  private unknownId(): number {
    return this.idOf(this.files.unknown) ?? 0;
  }

  /** Tokens of the vocabulary that stand in the text itself, such as [MASK], are taken out before it is cleaned. */
  private pieces(text: string, type: number): PlacedToken[] {
    const tokens: PlacedToken[] = [];
    let at = 0;
    let word = 0;
    for (const part of this.apart(text)) {
      const length = Array.from(part).length;
      const id = this.files.added.get(part);
      if (id !== undefined) {
        tokens.push({ id, token: part, start: at, end: at + length, word: word++, type });
      } else {
        for (const chars of bertWords(cleanedChars(part, at, this.files.text))) {
          for (const piece of this.split(chars)) tokens.push({ ...piece, word, type });
          word++;
        }
      }
      at += length;
    }
    return tokens;
  }

  private apart(text: string): string[] {
    const { added } = this.files;
    if (added.size === 0) return [text];
    // The longest first: one may begin another.
    const names = [...added.keys()].sort((a, b) => b.length - a.length);
    const pattern = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
    return text.split(new RegExp(`(${pattern})`, 'u')).filter((part) => part !== '');
  }

  /** The longest known beginning, again and again; a word that cannot be spelled so is unknown as a whole. */
  private split(chars: readonly PlacedChar[]): Omit<PlacedToken, 'word' | 'type'>[] {
    const { vocabulary, prefix, unknown, longestWord } = this.files;
    const place = (from: number, to: number): { start: number; end: number } => ({
      start: chars[from]?.at ?? 0,
      end: (chars[to - 1]?.at ?? 0) + 1,
    });
    const whole = [{ id: this.unknownId(), token: unknown, ...place(0, chars.length) }];
    if (chars.length > longestWord) return whole;
    const pieces: Omit<PlacedToken, 'word' | 'type'>[] = [];
    for (let from = 0; from < chars.length;) {
      let to = chars.length;
      let id: number | undefined;
      let token = '';
      for (; to > from; to--) {
        token =
          (from > 0 ? prefix : '') +
          chars
            .slice(from, to)
            .map(({ char }) => char)
            .join('');
        id = vocabulary.get(token);
        if (id !== undefined) break;
      }
      if (id === undefined) return whole;
      pieces.push({ id, token, ...place(from, to) });
      from = to;
    }
    return pieces;
  }
}

/** As the tokenizers library cuts: the shorter text keeps what it can of half the room. */
function truncated(texts: PlacedToken[][], room: number): PlacedToken[][] {
  const [first = [], second] = texts;
  if (second === undefined) return [first.slice(0, room)];
  if (first.length + second.length <= room) return texts;
  const short = Math.min(first.length, second.length);
  let [few, many] = [short, Math.max(short, room - short)];
  if (few + many > room) {
    few = Math.floor(room / 2);
    many = room - few;
  }
  return first.length <= second.length
    ? [first.slice(0, few), second.slice(0, many)]
    : [first.slice(0, many), second.slice(0, few)];
}
