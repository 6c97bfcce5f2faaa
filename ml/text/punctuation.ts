import { rule } from './rule';

const word = '\\p{L}\\p{M}\\u200C';

/** One space after a mark and none before it; none inside brackets and quotation marks, one outside. */
export const punctuationSpacing = rule(
  { find: ' +(?=[\\u060C\\u061B\\u061F!?;,:\\u2026\\u00BB)\\]}])', to: '' },
  // A point may begin a name or a number: ".NET", ".5".
  { find: ' +(?=\\.+(?:[^.\\p{L}\\p{N}]|$))', to: '' },
  { find: '(?<=[\\u00AB(\\[{]) +', to: '' },
  { find: '(?<=[\\u061B\\u061F!\\u2026\\u00BB])(?=[\\p{L}\\p{N}\\u00AB(])', to: ' ' },
  // Between digits a comma parts thousands.
  { find: '(?<=\\u060C)(?=[\\p{L}\\u00AB(])|(?<=[^\\p{N}]\\u060C)(?=\\p{N})', to: ' ' },
  // Two letters and more on both sides: abbreviations and addresses stay.
  {
    find: `(?<=\\p{Script=Arabic}[${word}]*\\p{Script=Arabic}[.:])(?=\\p{Script=Arabic}[\\p{L}\\p{M}])`,
    to: ' ',
  },
  { find: '(?<=[\\p{L}\\p{N}])(?=\\u00AB)|(?<=\\p{Script=Arabic})(?=\\()', to: ' ' },
);
