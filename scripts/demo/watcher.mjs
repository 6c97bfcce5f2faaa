/** The latest state of a topic's objects, and waiting for one of them to reach a state. */
export class Watcher {
  constructor() {
    this.items = new Map();
    this.waiting = new Map();
  }

  /** To be handed to `subscribe`. */
  hear = (value) => {
    if (value.removed) return;
    const known = this.items.get(value.id);
    if (known && known.seq > value.seq) return;
    this.items.set(value.id, value);
    for (const listener of this.waiting.get(value.id) ?? []) listener(value);
  };

  get(id) {
    return { until: (isOver) => this.until(id, isOver) };
  }

  /** Hands every state of one object to `isOver` until it answers true; what it throws ends the waiting. */
  until(id, isOver) {
    return new Promise((resolve, reject) => {
      const listeners = this.waiting.get(id) ?? new Set();
      this.waiting.set(id, listeners);
      const listener = (value) => {
        try {
          if (!isOver(value)) return;
          resolve(value);
        } catch (error) {
          reject(error);
        }
        listeners.delete(listener);
      };
      listeners.add(listener);
      const known = this.items.get(id);
      if (known) listener(known);
    });
  }
}
