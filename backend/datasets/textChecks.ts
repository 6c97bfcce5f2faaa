/** What is looked at in the text of a recording, and the figures of all texts together. */
import { listed, say } from '../language/say';
import type { Findings } from './findings';
import { hash } from './hash';
import type { IndexedRow } from './indexedRow';
import { hasLatin, isPersian, oddCharacters, textCodes } from './textCodes';

interface Wording {
  readonly severity: 'error' | 'warning' | 'info';
  sentence(row: IndexedRow, text: string): string;
}

const wordings: Readonly<Record<string, Wording>> = {
  'text.empty': { severity: 'error', sentence: ({ id }) => say`${id} has no text.` },
  'text.letters': {
    severity: 'warning',
    sentence: () => say`The text has letters of Arabic or of old encodings that only look like Persian ones.`,
  },
  'text.digits': {
    severity: 'warning',
    sentence: () => say`The text has digits; a voice needs them in words, and one kind of them at least.`,
  },
  'text.invisible': {
    severity: 'info',
    sentence: () => say`The text has signs that are not seen, or stretched letters (kashida).`,
  },
  'text.halfSpace': {
    severity: 'info',
    sentence: () => say`The text has zero-width non-joiners where they do nothing.`,
  },
  'text.spaces': {
    severity: 'info',
    sentence: () => say`The text has spaces at its ends, two in a row, or of another kind.`,
  },
  'text.latin': {
    severity: 'warning',
    sentence: () => say`The text has Latin letters; write them as they are said.`,
  },
  'text.character': {
    severity: 'warning',
    sentence: (_, text) => {
      const list = listed(oddCharacters(text).map((one) => `${one} (U+${codePoint(one)})`));
      return say`The text has signs outside the Persian alphabet: ${list}.`;
    },
  },
};

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
    for (const code of textCodes(text)) {
      const wording = wordings[code];
      if (wording === undefined) continue;
      this.findings.add(wording.severity, code, () => wording.sentence(row, text), row);
    }
    if (text.trim() === '') return;
    this.checkRepeated(row, text);
    if (isPersian(text)) this.persian++;
    else if (hasLatin(text)) this.foreign.push(row);
  }

  private checkRepeated(row: IndexedRow, text: string): void {
    const key = hash(text);
    const first = this.byText.get(key);
    if (first === undefined) this.byText.set(key, row);
    // A recording that stands there twice is told of as such.
    else if (first.audioPath !== row.audioPath)
      this.findings.add('info', 'text.duplicate', () => say`${row.id} has the text of ${first.id}.`, row);
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
