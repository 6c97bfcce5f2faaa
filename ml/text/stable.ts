/** Text made to be difficult may need several passes; every pass but the first two is rare. */
const mostPasses = 16;

/** Applies `pass` until it changes nothing more. */
export function untilStable(text: string, pass: (text: string) => string): string {
  let stable = text;
  for (let i = 0; i < mostPasses; i++) {
    const next = pass(stable);
    if (next === stable) break;
    stable = next;
  }
  return stable;
}
