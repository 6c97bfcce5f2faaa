/** What is looked at in the text of a recording, and the figures of all texts together. */
import { fixKinds, fixRules } from '../../ml/text/fixes';
import { listed, say } from '../language/say';
import type { Findings } from './findings';
import type { IndexedRow } from './indexedRow';
import { hash } from './hash';

/** Letters of Persian; hamza on its seats, and what Arabic words in Persian keep. */
const persianLetters = 'آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیءأؤئإۀةٱ';
const alphabet = new RegExp(
  `[^${persianLetters}\\u064B-\\u0652\\u0654\\u0670\\u200C\\s.,:;!?؟،؛«»()\\[\\]"'…\\-–—٪٫٬/]`,
  'gu',
);
const arabicScript = /[\u0620-\u064A\u0671-\u06D3]/;
const latin = /[A-Za-z\u00C0-\u024F]/;
/** Found by the rules for letters, digits, spaces and signs that are not seen. */
const otherwiseFound =
  /[\p{Nd}\p{Script=Latin}\u0640-\u064A\u06AA-\u06D5\uFB50-\uFDFF\uFE70-\uFEFF\p{Cf}\p{Z}]/u;

const sentences = {
  letters: () => say`The text has letters of Arabic or of old encodings that only look like Persian ones.`,
  digits: () => say`The text has digits; a voice needs them in words, and one kind of them at least.`,
  invisible: () => say`The text has signs that are not seen, or stretched letters (kashida).`,
  halfSpace: () => say`The text has zero-width non-joiners where they do nothing.`,
  spaces: () => say`The text has spaces at its ends, two in a row, or of another kind.`,
} as const;
const severity = {
  letters: 'warning',
  digits: 'warning',
  invisible: 'info',
  halfSpace: 'info',
  spaces: 'info',
} as const;

const listedCharacters = 400;

export class TextChecks {
  private readonly counts = new Map<string, number>();
  private readonly byText = new Map<number, IndexedRow>();
  private readonly foreign: IndexedRow[] = [];
  private persian = 0;
  private characters = 0;

  constructor(private readonly findings: Findings) {}

  check(row: IndexedRow, text: string): void {
    this.characters += text.length;
    for (const character of text) this.counts.set(character, (this.counts.get(character) ?? 0) + 1);
    if (text.trim() === '') {
      this.findings.add('error', 'text.empty', () => say`${row.id} has no text.`, row);
      return;
    }
    this.checkRepeated(row, text);
    if (arabicScript.test(text)) this.checkPersian(row, text);
    else if (latin.test(text)) this.foreign.push(row);
  }

  private checkRepeated(row: IndexedRow, text: string): void {
    const key = hash(text);
    const first = this.byText.get(key);
    if (first === undefined) this.byText.set(key, row);
    // A recording that stands there twice is told of as such.
    else if (first.audioPath !== row.audioPath)
      this.findings.add('info', 'text.duplicate', () => say`${row.id} has the text of ${first.id}.`, row);
  }

  private checkPersian(row: IndexedRow, text: string): void {
    this.persian++;
    for (const kind of fixKinds) {
      const found = kind === 'digits' ? /\p{Nd}/u.test(text) : fixRules[kind](text) !== text;
      if (found) this.findings.add(severity[kind], `text.${kind}`, sentences[kind], row);
    }
    if (latin.test(text)) {
      this.findings.add(
        'warning',
        'text.latin',
        () => say`The text has Latin letters; write them as they are said.`,
        row,
      );
    }
    const odd = [...new Set(text.match(alphabet) ?? [])].filter((one) => !otherwiseFound.test(one));
    if (odd.length > 0) {
      const list = (): string => listed(odd.map((one) => `${one} (U+${codePoint(one)})`));
      this.findings.add(
        'warning',
        'text.character',
        () => say`The text has signs outside the Persian alphabet: ${list()}.`,
        row,
      );
    }
  }

  finish(): Record<string, unknown> {
    if (this.characters === 0) return {};
    if (this.persian > this.foreign.length) {
      for (const row of this.foreign) {
        const sentence = (): string => say`${row.id} has a text without a Persian letter.`;
        this.findings.add('warning', 'text.latin', sentence, row);
      }
    }
    const counts = [...this.counts].sort(([, a], [, b]) => b - a).slice(0, listedCharacters);
    return {
      characters: this.characters,
      alphabet: [...this.counts.keys()].sort().join(''),
      characterCounts: Object.fromEntries(counts),
    };
  }
}

function codePoint(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}
