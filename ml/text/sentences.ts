/** A text's sentences, as a voice would take breath between them. */
import { letters } from './letterClasses';

/** Marks that end a sentence, with the quotation marks and brackets that close after them. */
const ending = /[.!?\u061F\u2026\u06D4]+[\u00BB"\u201D')\]]*(?=\s|$)|\n+/gu;

/** د. احمدی, م. رضایی, ص. ۱۲, ق.م., 1. */
const shortened = new RegExp(
  `(?:^|[^${letters}\\u200C])(?:[\\u0621-\\u06CC]|صص|رک|تلف|نک|[\\u0621-\\u06CC]\\.[\\u0621-\\u06CC]|\\p{Lu}|Mr|Mrs|Ms|Dr|Prof|St|vs|etc|No)\\.$`,
  'u',
);
const listNumber = /(?:^|\n)\s*[\d\u06F0-\u06F9]{1,3}\.$/u;
/** «…؟» پرسید: what is said goes on with who says it. */
const saying =
  /^\s*(?:و )?(?:گفت|پرسید|فریاد زد|جواب داد|پاسخ داد|نوشت|افزود|ادامه داد|زمزمه کرد|می\u200Cگوید|می\u200Cپرسد|می\u200Cگفت|گفتم|گفتند|پرسیدم|پرسیدند|تأکید کرد|تاکید کرد|اظهار داشت)/u;

/** Sentences without the spaces between them; marks stay with theirs. Lines are sentences of their own. */
export function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  let from = 0;
  let opened = 0;
  let counted = 0;
  for (const match of text.matchAll(ending)) {
    const end = match.index + match[0].length;
    opened += balance(text.slice(counted, end));
    counted = end;
    const isLine = match[0].startsWith('\n');
    if (isLine) opened = 0;
    else if (!endsHere(text, match[0], match.index, end, opened > 0)) continue;
    push(sentences, text.slice(from, end));
    from = end;
  }
  push(sentences, text.slice(from));
  return sentences;
}

/** Marks inside a quotation do not end the sentence around it. */
function endsHere(text: string, mark: string, at: number, end: number, quoted: boolean): boolean {
  if (quoted) return false;
  const before = text.slice(Math.max(0, at - 12), at + 1);
  if (mark === '.' && (shortened.test(before) || listNumber.test(before)))
    return end >= text.trimEnd().length;
  return !(mark.endsWith('\u00BB') && saying.test(text.slice(end, end + 24)));
}

function balance(text: string): number {
  let sum = 0;
  for (const letter of text) sum += letter === '\u00AB' ? 1 : letter === '\u00BB' ? -1 : 0;
  return sum;
}

function push(sentences: string[], sentence: string): void {
  const trimmed = sentence.trim();
  if (trimmed !== '') sentences.push(trimmed);
}
