/** How BERT's tokenizers clean a text and cut it into words, with each character's place in the original. */

export interface BertTextOptions {
  readonly cleanText: boolean;
  /** Spaces around Chinese characters. */
  readonly splitChinese: boolean;
  readonly stripAccents: boolean;
  readonly lowercase: boolean;
}

/** A character of the cleaned text, and where it came from: code points of the original. */
export interface PlacedChar {
  readonly char: string;
  readonly at: number;
}

const control = /[\p{Cc}\p{Cf}\p{Co}]/u;
const space = /\p{White_Space}/u;
const punctuation = /[!-/:-@[-`{-~\p{P}]/u;
const nonspacing = /\p{Mn}/u;
/** The ranges of the original code. */
const chinese =
  /[\u{4E00}-\u{9FFF}\u{3400}-\u{4DBF}\u{20000}-\u{2A6DF}\u{2A700}-\u{2B73F}\u{2B740}-\u{2B81F}\u{2B920}-\u{2CEAF}\u{F900}-\u{FAFF}\u{2F800}-\u{2FA1F}]/u;

/** @param from the place of the first character */
export function cleanedChars(text: string, from: number, options: BertTextOptions): PlacedChar[] {
  const placed: PlacedChar[] = [];
  Array.from(text).forEach((original, i) => {
    for (const char of cleaned(original, options)) placed.push({ char, at: from + i });
  });
  return placed;
}

function cleaned(original: string, options: BertTextOptions): string {
  let char = original;
  if (options.cleanText) {
    const breaks = char === '\t' || char === '\n' || char === '\r';
    if (!breaks && (char === '\u0000' || char === '\uFFFD' || control.test(char))) return '';
    if (breaks || space.test(char)) char = ' ';
  }
  if (options.splitChinese && chinese.test(char)) char = ` ${char} `;
  if (options.stripAccents)
    char = Array.from(char.normalize('NFD'))
      .filter((one) => !nonspacing.test(one))
      .join('');
  return options.lowercase ? char.toLowerCase() : char;
}

/** Words between spaces; each punctuation mark is one of its own. */
export function bertWords(chars: readonly PlacedChar[]): PlacedChar[][] {
  const words: PlacedChar[][] = [];
  let word: PlacedChar[] = [];
  const end = (): void => {
    if (word.length > 0) words.push(word);
    word = [];
  };
  for (const one of chars) {
    if (space.test(one.char)) end();
    else if (punctuation.test(one.char)) {
      end();
      words.push([one]);
    } else word.push(one);
  }
  end();
  return words;
}
