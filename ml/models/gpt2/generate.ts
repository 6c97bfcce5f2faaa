import { argmax, draw, logProbability, processScores, type SamplingOptions } from '../../generation/sampling';
import { Gpt2Cache, type Gpt2 } from './model';

export interface GenerateOptions extends SamplingOptions {
  readonly mostNewTokens: number;
  /** Ends the text; the config's own by default. An empty list goes on to the end. */
  readonly ends?: readonly number[];
  /** Draws by probability instead of taking the best: numbers in 0..1. */
  readonly random?: () => number;
  readonly signal?: AbortSignal;
}

export interface GeneratedToken {
  readonly id: number;
  /** Nats, before any processing. */
  readonly logProbability: number;
}

/**
 * Goes on from a prompt, a token at a time, until an end token (which is given too), the number of tokens asked for, or
 * the model's length is reached. What it holds is freed when the consumer stops. Throws `input.invalid` for a prompt
 * that does not fit.
 */
export async function* generate(
  model: Gpt2,
  prompt: readonly number[],
  options: GenerateOptions,
): AsyncGenerator<GeneratedToken, void, void> {
  const { mostNewTokens, ends = model.config.ends, random, signal } = options;
  const cache = new Gpt2Cache();
  const history = [...prompt];
  try {
    let step: readonly number[] = prompt;
    // A prompt that is too long is refused by the model itself.
    const fits = (): boolean => cache.tokens + step.length <= model.config.positions;
    for (let i = 0; i < mostNewTokens && (i === 0 || fits()); i++) {
      signal?.throwIfAborted();
      const { hidden, logits } = model.forward(step, { cache, lastOnly: true });
      let raw: Float32Array;
      try {
        raw = await logits.data<'float32'>();
      } finally {
        hidden.dispose();
        logits.dispose();
      }
      const scores = processScores(raw.slice(), history, options);
      const id = random === undefined ? argmax(scores) : draw(scores, random);
      history.push(id);
      yield { id, logProbability: logProbability(raw, id) };
      if (ends.includes(id)) return;
      step = [id];
    }
  } finally {
    cache.dispose();
  }
}
