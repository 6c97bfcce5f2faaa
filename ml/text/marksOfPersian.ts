/** Marks of Latin writing in Persian text become the Persian ones; those of Latin words and numbers stay. */
import { letters, wordEnd } from './letterClasses';
import { rule } from './rule';

const before = `(?<=[${letters}\\u200C\\u00BB\\u061F!])`;
const beforeNumber = '(?<=[\\u06F0-\\u06F9])';

export const persianComma = rule(
  { find: `${before} ?,(?![,\\w])`, to: '\u060C' },
  { find: `${beforeNumber},(?= [${letters}\\u00AB])`, to: '\u060C' },
);

export const persianSemicolon = rule({ find: `${before} ?;(?!\\w)`, to: '\u061B' });

export const persianQuestionMark = rule(
  { find: `(?<=[${letters}\\u200C\\u00BB\\u061F!\\u06F0-\\u06F9]) ?\\?(?!\\w)`, to: '\u061F' },
  { find: '\\?(?=\\u061F)', to: '\u061F' },
);

export const persianPercent = rule({ find: `${beforeNumber} ?%(?!\\w)`, to: '\u066A' });

/** "سلام" and “سلام” become «سلام»; what holds no Persian keeps its marks, and so do inches and code. */
export const guillemets = rule(
  {
    find: `(?<=^|[\\s(\\u060C:])"(?! )([^"\\n\\u00AB\\u00BB]{0,2000}[${letters}][^"\\n\\u00AB\\u00BB]{0,2000})"(?=$|[\\s)\\u060C\\u061B\\u061F!.:,;?])`,
    to: '\u00AB$1\u00BB',
  },
  {
    find: `[\\u201C\\u201E]([^\\u201C-\\u201F\\n\\u00AB\\u00BB]{0,2000}[${letters}][^\\u201C-\\u201F\\n\\u00AB\\u00BB]{0,2000})[\\u201C\\u201D]`,
    to: '\u00AB$1\u00BB',
  },
);

/** (نوبت اول)است: but an ending stays with its bracket, (کتاب)ها. */
export const afterBracket = rule({
  find: `(?<=[${letters}\\u06F0-\\u06F9][)\\]])(?=[${letters}])(?!(?:ها|های|هایی|ی|ای|ام|اند|تر|ترین)${wordEnd})`,
  to: ' ',
});

/** Three full stops and more after a Persian word are the one mark. */
export const ellipsis = rule({ find: `(?<=[${letters}\\u00BB]) ?\\.{3,}`, to: '\u2026' });
