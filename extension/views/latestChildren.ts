/**
 * One answer for each node at a time. VS Code may ask for a node's children again before the first question is
 * answered; it then registers both answers, and refuses the second because its ids are taken. So a newer question
 * answers the older one with nothing, at once. Pure.
 */
export class LatestChildren<N> {
  private readonly drops = new Map<N | undefined, () => void>();

  constructor(private readonly load: (node: N | undefined) => Promise<N[]>) {}

  children(node: N | undefined): Promise<N[]> {
    this.drops.get(node)?.();
    return new Promise((resolve, reject) => {
      const drop = (): void => resolve([]);
      const done = (): void => {
        if (this.drops.get(node) === drop) this.drops.delete(node);
      };
      this.drops.set(node, drop);
      this.load(node).then(
        (children) => {
          done();
          resolve(children);
        },
        (error: unknown) => {
          done();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }
}
