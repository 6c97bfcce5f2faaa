/**
 * What a person changed in a data set and has not written into its files yet: a journal beside the data, one step a
 * line, so that every step can be undone and a crash costs none of them.
 */
import { appendFile, mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { isParquet } from './parquetFile';
import type { DataSource } from './source';

export const verdicts = ['accepted', 'rejected'] as const;
export type Verdict = (typeof verdicts)[number];

const rowEdit = z.object({
  /** Where the row stood; of several rows with one id the nearest. */
  line: z.number().optional(),
  id: z.string(),
  field: z.enum(['text', 'verdict']),
  from: z.string().nullable(),
  to: z.string().nullable(),
});
export type RowEdit = z.infer<typeof rowEdit>;

const entry = z.union([
  z.object({ step: z.array(rowEdit) }),
  z.object({ undo: z.literal(true) }),
  z.object({ redo: z.literal(true) }),
]);
type Entry = z.infer<typeof entry>;

/** The folder with what Goya keeps beside a data set. */
export const sidecarName = '.goya';

/** Where the changes of a data set are kept. */
export function changesPath({ table, path: target }: DataSource): string {
  const file = table ?? (isParquet(target) ? target : path.join(target, 'clips'));
  return path.join(path.dirname(file), sidecarName, `${path.basename(file)}.changes.jsonl`);
}

export class ChangeLog {
  private steps: RowEdit[][] = [];
  private done = 0;
  private seen = -1;

  private constructor(readonly file: string) {}

  static async open(file: string): Promise<ChangeLog> {
    const log = new ChangeLog(file);
    await log.refresh();
    return log;
  }

  /** What another window wrote is taken in. True when there was something. */
  async refresh(): Promise<boolean> {
    const size = await stat(this.file).then(
      (found) => found.size,
      () => 0,
    );
    if (size === this.seen) return false;
    this.seen = size;
    this.steps = [];
    this.done = 0;
    const text = size === 0 ? '' : await readFile(this.file, 'utf8');
    for (const line of text.split('\n')) this.replay(line);
    return true;
  }

  /** All edits that hold, in their order. */
  edits(): readonly RowEdit[] {
    return this.steps.slice(0, this.done).flat();
  }

  get canUndo(): boolean {
    return this.done > 0;
  }

  get canRedo(): boolean {
    return this.done < this.steps.length;
  }

  async add(step: RowEdit[]): Promise<void> {
    await this.append({ step });
  }

  /** Answers what is now to be done to the rows; nothing when there is no step. */
  async undo(): Promise<readonly RowEdit[]> {
    const step = this.steps[this.done - 1];
    if (step === undefined) return [];
    await this.append({ undo: true });
    return step.map((edit) => ({ ...edit, from: edit.to, to: edit.from })).reverse();
  }

  async redo(): Promise<readonly RowEdit[]> {
    const step = this.steps[this.done];
    if (step === undefined) return [];
    await this.append({ redo: true });
    return step;
  }

  private async append(what: Entry): Promise<void> {
    await mkdir(path.dirname(this.file), { recursive: true });
    // A line that a crash cut short ends where the next begins.
    const begin = this.seen > 0 ? '\n' : '';
    await appendFile(this.file, `${begin}${JSON.stringify(what)}`);
    this.take(what);
    this.seen = (await stat(this.file)).size;
  }

  private replay(line: string): void {
    if (line.trim() === '') return;
    try {
      const parsed = entry.safeParse(JSON.parse(line));
      if (parsed.success) this.take(parsed.data);
    } catch {
      // Cut short by a crash: the step was never answered, so it was never done.
    }
  }

  private take(what: Entry): void {
    if ('step' in what) {
      this.steps.splice(this.done, Infinity, what.step);
      this.done++;
    } else if ('undo' in what) this.done = Math.max(0, this.done - 1);
    else this.done = Math.min(this.steps.length, this.done + 1);
  }
}

export interface RowChange {
  readonly text?: string;
  readonly verdict?: Verdict;
}

/** What the edits make of single rows. */
export class Overlay {
  private readonly byId = new Map<string, { line: number | undefined; field: string; to: string | null }[]>();

  constructor(edits: readonly RowEdit[]) {
    for (const { id, line, field, to } of edits) {
      const same = this.byId.get(id) ?? [];
      this.byId.set(id, same);
      const known = same.find((one) => one.line === line && one.field === field);
      if (known === undefined) same.push({ line, field, to });
      else known.to = to;
    }
  }

  get isEmpty(): boolean {
    return this.byId.size === 0;
  }

  /** By the line where two rows have one id; a row that moved is still known by its id. */
  of(row: { readonly id: string; readonly line?: number | undefined }): RowChange {
    const same = this.byId.get(row.id);
    if (same === undefined) return {};
    const find = (field: string): string | null | undefined => {
      const fields = same.filter((one) => one.field === field);
      return (fields.find(({ line }) => line === row.line) ?? (fields.length === 1 ? fields[0] : undefined))
        ?.to;
    };
    const [text, verdict] = [find('text'), find('verdict')];
    return {
      ...(typeof text === 'string' && { text }),
      ...((verdict === 'accepted' || verdict === 'rejected') && { verdict }),
    };
  }
}
