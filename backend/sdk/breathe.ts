/** Longest time, in milliseconds, that work may keep the process from hearing a stop. */
const longest = 15;
let last = 0;

/**
 * Lets the process read its messages, when it is time to. Tensor work never waits for anything, so a loop that does not
 * breathe cannot be stopped: call it once for each batch, clip or file.
 */
export async function breathe(): Promise<void> {
  if (performance.now() - last < longest) return;
  await new Promise((resolve) => setImmediate(resolve));
  last = performance.now();
}
