/**
 * `work` as a function that is safe to call at any rate: one call running, at most one queued behind it, and all who
 * ask meanwhile get the queued one's promise.
 */
export function coalesce(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let queued: Promise<void> | undefined;
  const run = (): Promise<void> => {
    const current = work().finally(() => {
      running = undefined;
    });
    running = current;
    return current;
  };
  return () => {
    if (running === undefined) return run();
    queued ??= running
      .catch(() => undefined) // Whoever asked for the running one hears of its failure.
      .then(() => {
        queued = undefined;
        return run();
      });
    return queued;
  };
}

/** A value made when first asked for, and then kept; a failure is not kept. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
