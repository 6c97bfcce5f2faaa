import type { Random } from '../sdk/random';

/**
 * Makes `Math.random` draw from `random`: tfjs seeds its initialisers and dropout masks with it, and so do the
 * libraries of plugins. For the trainer's process only. Answers a function that puts the old one back.
 */
export function seedMath(random: Random): () => void {
  const original = Math.random;
  Math.random = random.next;
  return () => {
    Math.random = original;
  };
}
