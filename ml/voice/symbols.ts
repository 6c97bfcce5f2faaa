/** The symbols that a voice knows: phonemes or letters, and the marks of words, pauses and ends. */

export const opening = '^';
export const closing = '$';
export const wordGap = ' ';
/** Pauses, by what they are written as. */
const pauses: Readonly<Record<string, string>> = {
  ...{ '،': ',', ',': ',', '؛': ',', ';': ',', ':': ',', '–': ',', '—': ',' },
  ...{ '.': '.', '…': '.', '。': '.' },
  ...{ '؟': '?', '?': '?', '!': '!' },
};

export const pauseOf = (mark: string): string | undefined => pauses[mark];

export const isPause = (symbol: string): boolean => [',', '.', '?', '!'].includes(symbol);

/** Sounds that are written differently, or near enough to stand for one another in a voice that lacks one of them. */
const alike: readonly (readonly string[])[] = [
  ['ɒː', 'ɒ', 'ɑː', 'ɑ', 'aː', 'ɔː'],
  ['æ', 'a', 'ɐ', 'ɛ'],
  ['e̞', 'e', 'ɛ', 'ə'],
  ['o̞', 'o', 'ɔ', 'ʊ'],
  ['iː', 'i', 'ɪ'],
  ['uː', 'u', 'ʊ'],
  ['ɾ', 'r', 'ɹ'],
  ['t͡ʃ', 'tʃ', 'ʧ'],
  ['d͡ʒ', 'dʒ', 'ʤ'],
  ['ɢ', 'ɣ', 'q', 'ʁ', 'ɡ'],
  ['g', 'ɡ'],
  ['k', 'c'],
  ['ʔ', ''],
  ['w', 'v'],
  ['ŋ', 'n'],
];
const stress = /^[ˈˌ]/;
const lengthMark = /ː$/;

/** Ids from 1 on, in the order of `symbols`; 0 is padding. */
export class Symbols {
  private readonly ids: ReadonlyMap<string, number>;

  constructor(readonly symbols: readonly string[]) {
    this.ids = new Map(symbols.map((symbol, i) => [symbol, i + 1]));
  }

  /** The symbol's own id, or that of the nearest one; undefined where nothing is near, 0 where nothing need be said. */
  idOf(symbol: string): number | undefined {
    const own = this.ids.get(symbol);
    if (own !== undefined) return own;
    if (isPause(symbol)) return this.ids.get(',') ?? this.ids.get(wordGap) ?? 0;
    if (symbol === wordGap || symbol === opening || symbol === closing) return 0;
    for (const near of nearOf(symbol)) {
      if (near === '') return 0;
      const id = this.ids.get(near) ?? this.ids.get(`ˈ${near}`);
      if (id !== undefined) return id;
    }
    return undefined;
  }

  /** Ids of what can be said, and the symbols that cannot. */
  encode(symbols: readonly string[]): { readonly ids: number[]; readonly unknown: string[] } {
    const unknown = new Set<string>();
    const ids: number[] = [];
    for (const symbol of symbols) {
      const id = this.idOf(symbol);
      if (id === undefined) unknown.add(symbol);
      else if (id > 0) ids.push(id);
    }
    return { ids, unknown: [...unknown] };
  }
}

function nearOf(symbol: string): string[] {
  const plain = symbol.replace(stress, '');
  const short = plain.replace(lengthMark, '');
  const others = alike.filter((set) => set.includes(plain) || set.includes(short)).flat();
  return [plain, short, `${short}ː`, ...others];
}
