/** Answers of the search for a short while: going back in a list, or typing a word again, asks nobody. */
export class SearchCache<T> {
  private readonly known = new Map<string, { readonly at: number; readonly value: T }>();

  constructor(
    private readonly freshFor = 60_000,
    private readonly most = 200,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Only answers are kept: what failed or was cancelled is asked again. */
  async get(key: string, ask: () => Promise<T>): Promise<T> {
    const found = this.known.get(key);
    if (found !== undefined && this.now() - found.at < this.freshFor) return found.value;
    const value = await ask();
    this.known.delete(key);
    this.known.set(key, { at: this.now(), value });
    for (const oldest of this.known.keys()) {
      if (this.known.size <= this.most) break;
      this.known.delete(oldest);
    }
    return value;
  }
}
