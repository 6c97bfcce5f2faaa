/** Character classes that several rules share, as they stand inside a regular expression's brackets. */

export const zwnj = '\u200C';

/** Arabic-script letters and the marks on them. */
export const letters =
  '\\u0620-\\u063F\\u0641-\\u065F\\u066E-\\u06D3\\u06D5-\\u06ED\\u06EE\\u06EF\\u06FA-\\u06FF\\u0750-\\u077F';

/** What a word is made of, half spaces among it. */
export const wordCharacters = `${letters}\\u200C`;

export const wordStart = `(?<![${wordCharacters}])`;
export const wordEnd = `(?![${wordCharacters}])`;
