import { EventEmitter } from 'node:events';

/** Node's emitter with the events' argument types known. */
export class TypedEmitter<Events extends Record<string, unknown[]>> {
  private readonly emitter = new EventEmitter();

  /** Returns a function that stops listening. */
  on<E extends keyof Events & string>(event: E, listener: (...args: Events[E]) => void): () => void {
    this.emitter.on(event, listener as (...args: unknown[]) => void);
    return () => this.emitter.off(event, listener as (...args: unknown[]) => void);
  }

  protected emit<E extends keyof Events & string>(event: E, ...args: Events[E]): void {
    this.emitter.emit(event, ...args);
  }
}

/** The events of a service whose objects clients can subscribe to: always the whole object, read back from its row. */
export interface EntityEvents<T> extends Record<string, unknown[]> {
  changed: [entity: T];
  removed: [id: string];
}
