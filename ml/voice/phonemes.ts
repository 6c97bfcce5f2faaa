/** The sounds of a text without words, pauses and stress: what a recogniser of phonemes writes, and error rates of phonemes compare. */
import { symbolsOf, unitsOf, type Pronounce } from './reading';
import { closing, isPause, opening, wordGap } from './symbols';

/** `unspoken`: words for which there are no sounds. */
export async function phonemesOf(
  text: string,
  persian: boolean,
  pronounce: Pronounce,
): Promise<{ readonly phonemes: string[]; readonly unspoken: string[] }> {
  const reading = { kind: 'phonemes' as const, persian };
  const { symbols, unspoken } = await symbolsOf(unitsOf(text, reading), reading, pronounce);
  return { phonemes: plainPhonemes(symbols), unspoken };
}

/** A voice's symbols without what is no sound of its own. */
export const plainPhonemes = (symbols: readonly string[]): string[] =>
  symbols.filter((symbol) => !marks.has(symbol) && !isPause(symbol)).map(withoutStress);

const marks = new Set([opening, closing, wordGap]);

const withoutStress = (phoneme: string): string => phoneme.replace(/[ˈˌ]/gu, '');
