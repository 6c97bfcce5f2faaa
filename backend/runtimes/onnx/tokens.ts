/** `tokens.txt`: a token and its number a line, as sherpa-onnx reads it; one without a token is the space. */
import { MlError } from '../../../ml/errors';

export type Tokens = ReadonlyMap<string, number>;

/** Throws `model.corrupt`: the engine would end its process. */
export function readTokens(text: string, name: string): Tokens {
  const tokens = new Map<string, number>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const parts = /^(?:(\S+)\s+)?(\d{1,9})\s*$/.exec(line.trimStart());
    if (parts === null)
      throw new MlError('model.corrupt', `${name}, line ${index + 1}: a token and its number were expected.`);
    tokens.set(parts[1] ?? ' ', Number(parts[2]));
  }
  if (tokens.size === 0) throw new MlError('model.corrupt', `${name} has no tokens.`);
  return tokens;
}

const blanks = ['<blk>', '<eps>', '<blank>'];

/** Throws `model.corrupt` for what a recogniser cannot decode with. */
export function checkRecogniserTokens(tokens: Tokens, name: string): void {
  if (!blanks.some((blank) => tokens.has(blank)))
    throw new MlError('model.corrupt', `${name} has no blank (${blanks.join(', ')}).`);
}

/** Throws `model.corrupt` for what a voice cannot speak with: phonemes of one code point, each once, with both ends. */
export function checkVoiceTokens(tokens: Tokens, name: string): void {
  for (const end of ['^', '$'])
    if (!tokens.has(end)) throw new MlError('model.corrupt', `${name} has no token ${end}.`);
  const long = [...tokens.keys()].find((token) => Array.from(token).length !== 1);
  if (long !== undefined)
    throw new MlError('model.corrupt', `${name} has the token ${long.slice(0, 40)}, which is no phoneme.`);
}
