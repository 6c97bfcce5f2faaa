import { Failure } from '../lib/failure.mjs';
import { durationText } from '../lib/say.mjs';

/** Prints numbered steps with their figures and times. */
export class Steps {
  count = 0;

  /** Runs one step; what it gives back is handed on. */
  async step(title, work) {
    this.count += 1;
    process.stdout.write(`\n${this.count}. ${title}\n`);
    const started = performance.now();
    const result = await work((text) => process.stdout.write(`   ${text}\n`));
    process.stdout.write(`   (${durationText(performance.now() - started)})\n`);
    return result;
  }
}

/** Fails the demo unless it holds. */
export function must(condition, text) {
  if (!condition) throw new Failure(text);
}

/** The largest absolute difference of two lists of numbers. */
export function largestDifference(a, b) {
  must(a.length === b.length, `${a.length} numbers against ${b.length}`);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}
