/** `text/phonemize`: the project's own lexicon first, then the model that ships with Goya, in the inference process. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { lettersOf } from '../../ml/g2p/letters';
import { wordsOf } from '../../ml/g2p/words';
import { normalize } from '../../ml/text/normalize';
import { spokenWord, type SpokenWord } from '../../protocol/api/text';
import type { Settings } from '../../protocol/model/settings';
import { StudioError } from '../../protocol/wire/errors';
import { findUp } from '../training/engines/place';
import type { InferenceService } from './inference';

export interface TextServiceOptions {
  readonly inference: Pick<InferenceService, 'run'>;
  readonly settings: () => Settings;
  /** What a relative lexicon path starts from. */
  readonly workspacePath?: string | undefined;
  /** Folder of the shipped model; found beside the program by default. */
  readonly modelPath?: string;
}

const spoken = z.object({ words: z.array(spokenWord) });
type Lexicon = ReadonlyMap<string, readonly string[]>;

export class TextService {
  private lexicon: { readonly version: string; readonly words: Lexicon } | undefined;

  constructor(private readonly options: TextServiceOptions) {}

  /** Throws `dataset.notFound` or `dataset.unsupported` for the lexicon, and what `inference/run` throws. */
  async phonemize(text: string, signal: AbortSignal): Promise<SpokenWord[]> {
    const words = wordsOf(normalize(text));
    const lexicon = await this.readLexicon();
    const known = words.map((word) => lexicon?.get(keyOf(word)));
    const asked = [...new Set(words.filter((_, i) => known[i] === undefined))];
    const answers = asked.length === 0 ? [] : await this.ask(asked, signal);
    const byWord = new Map(asked.map((word, i) => [word, answers[i]?.phonemes ?? []]));
    return words.map((word, i) => ({ word, phonemes: [...(known[i] ?? byWord.get(word) ?? [])] }));
  }

  private async ask(words: readonly string[], signal: AbortSignal): Promise<SpokenWord[]> {
    const modelPath = this.options.modelPath ?? shippedModel();
    const { output } = await this.options.inference.run({ modelPath, input: { values: words } }, signal);
    return spoken.parse(output.values).words;
  }

  private async readLexicon(): Promise<Lexicon | undefined> {
    const given = this.options.settings().text?.lexicon ?? '';
    if (given === '') return undefined;
    const file = path.resolve(this.options.workspacePath ?? '.', given);
    try {
      const { mtimeMs, size } = await stat(file);
      const version = `${file} ${mtimeMs} ${size}`;
      if (this.lexicon?.version === version) return this.lexicon.words;
      const words = parseLexicon(await readFile(file, 'utf8'), file);
      this.lexicon = { version, words };
      return words;
    } catch (error) {
      if (error instanceof StudioError) throw error;
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      const text = `The lexicon ${file} cannot be read (${code}). Check the setting goya.lexicon.`;
      throw new StudioError('dataset.notFound', text, { cause: error, details: { path: file } });
    }
  }
}

/** The folder of the model that ships with Goya. */
function shippedModel(): string {
  const file = findUp(path.join('g2p-fa', 'model.json'), path.join('assets', 'g2p-fa', 'model.json'));
  if (file !== undefined) return path.dirname(file);
  throw new StudioError(
    'model.notFound',
    'The Persian pronunciation model is missing from this installation; install Goya again.',
  );
}

/** A word is looked up as the model would read it: without joiners and vowel marks. */
function keyOf(word: string): string {
  return lettersOf(normalize(word)).join('');
}

/** Lines of a word, a tab and its phonemes; `#` begins a comment. Of two lines for one word the first counts. */
export function parseLexicon(text: string, file: string): Lexicon {
  const words = new Map<string, readonly string[]>();
  text.split(/\r?\n/).forEach((line, i) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    const [word = '', phonemes] = line.replace(/^\ufeff/, '').split('\t');
    const key = keyOf(word);
    if (phonemes === undefined || phonemes.trim() === '' || key === '') {
      const message = `Line ${i + 1} of the lexicon ${file} is not a word, a tab and its phonemes.`;
      throw new StudioError('dataset.unsupported', message, { details: { path: file, line: i + 1 } });
    }
    if (!words.has(key)) words.set(key, phonemes.trim().split(/\s+/));
  });
  return words;
}
