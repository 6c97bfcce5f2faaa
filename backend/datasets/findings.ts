import type { DatasetProblem } from '../../protocol/model/dataset';

type Severity = DatasetProblem['severity'];
export type Place = Pick<DatasetProblem, 'file' | 'line'>;

/** Of one kind; beyond that a person fixes the cause, not the rows, and a client must not drown. */
const shownPerCode = 100;

/** Collects problems: all are counted, the first of each code are kept. */
export class Findings {
  private readonly kept = new Map<string, DatasetProblem[]>();
  private readonly more = new Map<string, { severity: Severity; count: number }>();
  private readonly counts = { error: 0, warning: 0, info: 0 };

  add(severity: Severity, code: string, message: string, place: Place = {}): void {
    this.counts[severity]++;
    const same = this.kept.get(code) ?? [];
    this.kept.set(code, same);
    if (same.length < shownPerCode) {
      same.push({ severity, code, message, ...place });
      return;
    }
    const rest = this.more.get(code) ?? { severity, count: 0 };
    rest.count++;
    this.more.set(code, rest);
  }

  get errors(): number {
    return this.counts.error;
  }

  get warnings(): number {
    return this.counts.warning;
  }

  /** Errors first, otherwise in the order found; what was not kept is one more problem that says how many. */
  problems(): DatasetProblem[] {
    const all = [...this.kept.values()].flat();
    for (const [code, { severity, count }] of this.more) {
      all.push({ severity, code, message: `${count} more problems of this kind (${code}).` });
    }
    const rank = { error: 0, warning: 1, info: 2 };
    return all.sort((a, b) => rank[a.severity] - rank[b.severity]);
  }
}
