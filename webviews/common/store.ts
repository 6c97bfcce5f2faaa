/** One value with one owner: replaced by pure functions, shown once per animation frame. */

export interface Store<S> {
  get(): S;
  update(change: (state: S) => S): void;
  subscribe(listener: (state: S, previous: S) => void): () => void;
}

export type Schedule = (run: () => void) => void;

/** Hidden pages get no animation frames, so a timer steps in: nothing waits for the page to be looked at. */
export const onNextFrame: Schedule = (run) => {
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    run();
  };
  requestAnimationFrame(once);
  setTimeout(once, 250);
};

export function createStore<S>(initial: S, schedule: Schedule = onNextFrame): Store<S> {
  let state = initial;
  let shown = initial;
  let scheduled = false;
  const listeners = new Set<(state: S, previous: S) => void>();
  const flush = (): void => {
    scheduled = false;
    const previous = shown;
    shown = state;
    for (const listener of listeners) listener(state, previous);
  };
  return {
    get: () => state,
    update: (change) => {
      const next = change(state);
      if (Object.is(next, state)) return;
      state = next;
      if (scheduled) return;
      scheduled = true;
      schedule(flush);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
