import type { JournalRecord } from './journal';
import type { RangedFile } from './rangedFile';

export interface RepairOptions {
  readonly file: RangedFile;
  readonly expected: string | undefined;
  /** The wrong hash. */
  readonly actual: string;
  /** Bytes that are fetched again between two looks at the whole. */
  readonly groupSize: number;
  /** Fetches what is missing. */
  readonly fetch: () => Promise<void>;
}

/**
 * A file that came whole but wrong. First what the disk changed (its CRC tells), then what was found without a journal,
 * then every other stretch is fetched again until the whole is right; a stretch that comes as it came before is not at
 * fault. Answers the hash that the file has in the end.
 */
export async function repair(options: RepairOptions): Promise<string | undefined> {
  const { file, expected, groupSize, fetch } = options;
  let { actual }: { actual: string | undefined } = options;
  if ((await file.recheck()) > 0) {
    await fetch();
    actual = await file.rehash();
  }
  for (const group of groups(file.suspects(), groupSize)) {
    if (actual === expected) break;
    const before = await file.crcOver(group);
    await file.drop(group);
    await fetch();
    if ((await file.crcOver(group)) !== before) actual = await file.rehash();
  }
  return actual;
}

/** In the order given; what was found without a journal apart from the rest. */
function groups(records: readonly JournalRecord[], size: number): JournalRecord[][] {
  const found: JournalRecord[][] = [];
  let bytes = 0;
  for (const record of records) {
    const last = found.at(-1);
    const alike = last?.[0]?.adopted === record.adopted;
    if (last === undefined || !alike || bytes + record.end - record.start > size) {
      found.push([record]);
      bytes = 0;
    } else {
      last.push(record);
    }
    bytes += record.end - record.start;
  }
  return found;
}
