/** How fast bytes come, over the last few seconds. */
export class Meter {
  private readonly samples: { at: number; bytes: number }[] = [];
  private received = 0;

  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly windowMs = 5000,
  ) {}

  /** Bytes that came over the line; what was on disk already does not count. */
  add(bytes: number): void {
    this.received += bytes;
  }

  /** Bytes per second since a few seconds ago. To be asked at regular times: each call is a sample. */
  rate(): number {
    const now = this.now();
    this.samples.push({ at: now, bytes: this.received });
    while (this.samples.length > 2 && now - (this.samples[1]?.at ?? now) >= this.windowMs)
      this.samples.shift();
    const first = this.samples[0];
    if (first === undefined || now <= first.at) return 0;
    return ((this.received - first.bytes) / (now - first.at)) * 1000;
  }
}
