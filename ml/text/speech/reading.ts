/** A rule of reading: finds what is written in signs, and says it in words. */
export type Reading = (text: string) => string;

export type Groups = Readonly<Record<string, string | undefined>>;
export interface Place {
  readonly match: string;
  /** So many characters of the text before the match. */
  before(characters: number): string;
  after(characters: number): string;
}

/**
 * Every match is said by `say` from the pattern's named groups; undefined leaves it to the rules that follow. Words get
 * spaces around them, which are tidied at the end.
 */
export function reading(pattern: RegExp, say: (groups: Groups, place: Place) => string | undefined): Reading {
  return (text) =>
    text.replace(pattern, (...found: unknown[]) => {
      const match = String(found[0]);
      // The last argument is the named groups, where the pattern has any.
      const named = typeof found.at(-1) === 'object';
      const groups = named ? (found.at(-1) as Groups) : {};
      const offset = Number(found.at(named ? -3 : -2));
      const words = say(groups, {
        match,
        before: (characters) => text.slice(Math.max(0, offset - characters), offset),
        after: (characters) => text.slice(offset + match.length, offset + match.length + characters),
      });
      return words === undefined ? match : ` ${words} `;
    });
}

/** One after another. */
export function readings(all: readonly Reading[]): Reading {
  return (text) => all.reduce((read, apply) => apply(read), text);
}

/** A number as it may be written: thousands parted by one of the three marks, a decimal point or sign. */
export const integer = '\\d{1,3}(?:[,\\u066C\\u060C]\\d{3})+(?!\\d)|\\d+';
export const numeral = `(?:${integer})(?:[.\\u066B]\\d+)?`;
/** Not in the middle of a longer number. */
export const fresh = '(?<![\\d.,\\u066B\\u066C/])';
export const done = '(?!\\d|[.,\\u066B\\u066C/]\\d)';
