import type { DatasetProblem } from '../../protocol/model/dataset';
import { say } from '../language/say';

type Severity = DatasetProblem['severity'];
/** Where a problem is: on a line, in a file, or in the data set as a whole. A row remembers what was found in it. */
export interface Place {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly codes?: string[];
}

/** Of one kind; beyond that a person fixes the cause, not the rows, and a client must not drown. */
const shownPerCode = 100;

/** Collects problems: all are counted, the first of each code are kept. */
export class Findings {
  private readonly kept = new Map<string, DatasetProblem[]>();
  private readonly more = new Map<string, { severity: Severity; count: number }>();
  private readonly counts = { error: 0, warning: 0, info: 0 };
  private readonly severities = new Map<string, Severity>();

  /** `sentence` is only asked for what is kept: sentences for a million rows would take long to say. */
  add(severity: Severity, code: string, sentence: string | (() => string), place: Place = {}): void {
    this.counts[severity]++;
    this.severities.set(code, severity);
    if (place.codes?.includes(code) === false) place.codes.push(code);
    const same = this.kept.get(code) ?? [];
    this.kept.set(code, same);
    if (same.length < shownPerCode) {
      const message = typeof sentence === 'string' ? sentence : sentence();
      const { file, line } = place;
      same.push({
        severity,
        code,
        message,
        ...(file !== undefined && { file }),
        ...(line !== undefined && { line }),
      });
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

  /** How many of each code, all of them counted. */
  byCode(): Record<string, { severity: Severity; count: number }> {
    const list = [...this.severities].map(([code, severity]) => {
      const count = (this.kept.get(code)?.length ?? 0) + (this.more.get(code)?.count ?? 0);
      return [code, { severity, count }] as const;
    });
    return Object.fromEntries(list);
  }

  /** Errors first, otherwise in the order found; what was not kept is one more problem that says how many. */
  problems(): DatasetProblem[] {
    const all = [...this.kept.values()].flat();
    for (const [code, { severity, count }] of this.more) {
      all.push({ severity, code, message: say`${count} more problems of this kind (${code}).` });
    }
    const rank = { error: 0, warning: 1, info: 2 };
    return all.sort((a, b) => rank[a.severity] - rank[b.severity]);
  }
}
