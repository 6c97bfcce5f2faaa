/** Half-open ranges of bytes, `[start, end)`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A set of bytes as sorted ranges that do not touch. */
export class Intervals {
  private ranges: Range[] = [];
  private sum = 0;

  constructor(ranges: Iterable<Range> = []) {
    for (const range of ranges) this.add(range);
  }

  /** Bytes in the set. */
  get total(): number {
    return this.sum;
  }

  /** Where the unbroken run of bytes from 0 on ends. */
  get frontier(): number {
    const first = this.ranges[0];
    return first?.start === 0 ? first.end : 0;
  }

  add({ start, end }: Range): void {
    if (start >= end) return;
    const from = this.firstEndingAt(start);
    let to = from;
    let joined: Range = { start, end };
    for (let next = this.ranges[to]; next !== undefined && next.start <= end; next = this.ranges[to]) {
      joined = { start: Math.min(joined.start, next.start), end: Math.max(joined.end, next.end) };
      this.sum -= next.end - next.start;
      to += 1;
    }
    this.sum += joined.end - joined.start;
    this.ranges.splice(from, to - from, joined);
  }

  has({ start, end }: Range): boolean {
    const found = this.ranges[this.firstEndingAt(start)];
    return start >= end || (found !== undefined && found.start <= start && found.end >= end);
  }

  /** The first stretch within `[start, end)` that is not in the set. */
  gap(start: number, end: number): Range | undefined {
    let at = start;
    for (let index = this.firstEndingAt(start); at < end; index += 1) {
      const next = this.ranges[index];
      if (next === undefined || next.start >= end) return { start: at, end };
      if (next.start > at) return { start: at, end: next.start };
      at = Math.max(at, next.end);
    }
    return undefined;
  }

  /** Index of the first range that ends at or after `at`. */
  private firstEndingAt(at: number): number {
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ranges[middle]?.end ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
