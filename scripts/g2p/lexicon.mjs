import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/**
 * A lexicon's words as they are looked up (without the ignored characters), each once with its first pronunciation, sorted:
 * lines of a word, a tab and its phonemes.
 */
export function packedRows(text, ignored) {
  const words = new Map();
  for (const line of text.split(/\r?\n/)) {
    const [word = '', phonemes = ''] = line.normalize('NFC').split('\t');
    const key = Array.from(word.trim())
      .filter((letter) => !ignored.includes(letter))
      .join('');
    if (key !== '' && phonemes.trim() !== '' && !words.has(key)) words.set(key, phonemes.trim());
  }
  return [...words].sort(([a], [b]) => (a < b ? -1 : 1)).map(([word, phonemes]) => `${word}\t${phonemes}`);
}

/** Writes the lexicon that goes before the model; answers its words and its size in bytes. */
export async function packLexicon(from, to, ignored) {
  const rows = packedRows(await readFile(from, 'utf8'), ignored);
  const bytes = await promisify(gzip)(`${rows.join('\n')}\n`, { level: 9 });
  await writeFile(to, bytes);
  return { words: rows.length, bytes: bytes.length };
}
