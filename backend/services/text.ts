/** `text/*`. Phonemes: the project's own lexicon first, then the one that ships with Goya, then the model, in the inference process. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { numberWords } from '../../ml/g2p/numberWords';
import { orthography } from '../../ml/text/orthography';
import { verbalize } from '../../ml/text/speech/verbalize';
import { spokenWord, type SpokenWord, type textNormalize, type textVerbalize } from '../../protocol/api/text';
import type { Settings } from '../../protocol/model/settings';
import { StudioError } from '../../protocol/wire/errors';
import type { Params } from '../../protocol/wire/spec';
import { shippedPronouncer } from '../sdk/pronouncer';
import type { InferenceService } from './inference';
import { keyOf, parseLexicon, readPacked, type Lexicon } from './lexicon';
import { inPieces } from './textPieces';
import { wordsToSay } from './wordsToSay';

export interface TextServiceOptions {
  readonly inference: Pick<InferenceService, 'run'>;
  readonly settings: () => Settings;
  /** What a relative lexicon path starts from. */
  readonly workspacePath?: string | undefined;
  /** Folder of the shipped model; found beside the program by default. */
  readonly modelPath?: string;
}

const spoken = z.object({ words: z.array(spokenWord) });

export class TextService {
  private own: { readonly version: string; readonly words: Lexicon } | undefined;
  private packed: Promise<Lexicon> | undefined;

  constructor(private readonly options: TextServiceOptions) {}

  normalize({ text, ...options }: Params<typeof textNormalize>, signal: AbortSignal): Promise<string> {
    return inPieces(text, options.layout, (piece) => orthography(piece, options), signal);
  }

  verbalize({ text, ...options }: Params<typeof textVerbalize>, signal: AbortSignal): Promise<string> {
    return inPieces(text, options.layout, (piece) => verbalize(piece, options), signal);
  }

  /** Throws `dataset.notFound` or `dataset.unsupported` for the lexicon, and what `inference/run` throws. */
  async phonemize(text: string, signal: AbortSignal): Promise<SpokenWord[]> {
    const project = await this.readOwn();
    const words = await wordsToSay(text, project, signal);
    if (words.length === 0) return [];
    const modelPath = this.options.modelPath ?? shippedPronouncer();
    const shipped = await this.readShipped(modelPath);
    const known = new Map(words.map((word) => [word, lookUp(word, project, shipped)]));
    const asked = [...known].flatMap(([word, spoken]) => (spoken === undefined ? [word] : []));
    const answers = asked.length === 0 ? [] : await this.ask(modelPath, asked, signal);
    asked.forEach((word, i) => known.set(word, answerOf(word, answers[i]?.phonemes ?? [])));
    return words.flatMap((word) => known.get(word) ?? []);
  }

  private async ask(modelPath: string, words: readonly string[], signal: AbortSignal): Promise<SpokenWord[]> {
    const { output } = await this.options.inference.run({ modelPath, input: { values: words } }, signal);
    return spoken.parse(output.values).words;
  }

  /** Read with the first text and kept. A failure is not: the next text tries again. */
  private async readShipped(modelPath: string): Promise<Lexicon> {
    this.packed ??= readPacked(modelPath);
    try {
      return await this.packed;
    } catch (error) {
      this.packed = undefined;
      throw error;
    }
  }

  private async readOwn(): Promise<Lexicon | undefined> {
    const given = this.options.settings().text?.lexicon ?? '';
    if (given === '') return undefined;
    const file = path.resolve(this.options.workspacePath ?? '.', given);
    try {
      const { mtimeMs, size } = await stat(file);
      const version = `${file} ${mtimeMs} ${size}`;
      if (this.own?.version === version) return this.own.words;
      const words = parseLexicon(await readFile(file, 'utf8'), file);
      this.own = { version, words };
      return words;
    } catch (error) {
      if (error instanceof StudioError) throw error;
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      const text = `The lexicon ${file} cannot be read (${code}). Check the setting goya.lexicon.`;
      throw new StudioError('dataset.notFound', text, { cause: error, details: { path: file } });
    }
  }
}

function lookUp(word: string, project: Lexicon | undefined, shipped: Lexicon): SpokenWord | undefined {
  const key = keyOf(word);
  const own = project?.get(key);
  const phonemes = own ?? numberWords.get(key) ?? shipped.get(key);
  if (phonemes === undefined) return undefined;
  return { word, phonemes: phonemes.split(/\s+/), source: own === undefined ? 'lexicon' : 'project' };
}

/** A word that nobody can say has no source. */
function answerOf(word: string, phonemes: readonly string[]): SpokenWord {
  return { word, phonemes: [...phonemes], ...(phonemes.length === 0 ? {} : { source: 'model' }) };
}
