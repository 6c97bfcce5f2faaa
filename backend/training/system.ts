/** What a trainer's process uses, measured inside it. */
import type { RunSystem } from '../../protocol/model/run';

export interface SystemSources {
  /** Seconds, of a clock that never goes back. */
  readonly now: () => number;
  readonly cpuUsage: () => { readonly user: number; readonly system: number };
  readonly memory: () => { readonly rss: number; readonly heapUsed: number };
  readonly tensors: () => { readonly numTensors: number; readonly numBytes: number };
}

/** Seconds between two readings. */
const interval = 1;
/** Points of a curve before the readings that make one grow further apart: a day's run has some two thousand. */
const pointsBeforeThinning = 300;

export class SystemProbe {
  private readonly startedAt: number;
  private readAt: number;
  private pointAt = -Infinity;
  private cpu: number;

  constructor(private readonly sources: SystemSources) {
    this.startedAt = this.readAt = sources.now();
    this.cpu = this.cpuSeconds();
  }

  /** A reading, at most once a second; with `points` when it belongs on the curves. */
  read(): { readonly system: RunSystem; readonly points: Readonly<Record<string, number>> } | undefined {
    const { now, memory, tensors } = this.sources;
    const at = now();
    const elapsed = at - this.readAt;
    if (elapsed < interval) return undefined;
    const cpu = this.cpuSeconds();
    const { rss, heapUsed } = memory();
    const { numTensors, numBytes } = tensors();
    const system: RunSystem = {
      cpuPercent: Math.max(0, Math.round((100 * (cpu - this.cpu)) / elapsed)),
      rssBytes: rss,
      heapBytes: heapUsed,
      tensors: numTensors,
      tensorBytes: Math.max(0, Math.round(numBytes)),
    };
    this.readAt = at;
    this.cpu = cpu;
    return { system, points: this.isPointDue(at) ? pointsOf(system) : {} };
  }

  private isPointDue(at: number): boolean {
    const apart = Math.max(interval, (at - this.startedAt) / pointsBeforeThinning);
    if (at - this.pointAt < apart) return false;
    this.pointAt = at;
    return true;
  }

  private cpuSeconds(): number {
    const { user, system } = this.sources.cpuUsage();
    return (user + system) / 1e6;
  }
}

function pointsOf({ cpuPercent, rssBytes, tensors }: RunSystem): Record<string, number> {
  return { 'system/cpu': cpuPercent, 'system/rss': rssBytes, 'system/tensors': tensors };
}
