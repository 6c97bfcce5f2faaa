/** The data of a config that is being made: what it holds, as far as Goya can tell. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { datasetsInspect } from '../../protocol/api/datasets';
import { isStudioError } from '../../protocol/wire/errors';
import { factsOf, type DataFacts } from '../language/dataFacts';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';
import { withProgress } from './pick';

export interface InspectedData {
  /** What a config names: the table itself where a folder holds nothing else. */
  readonly path: string;
  /** Undefined for data that only a plugin may know how to read. */
  readonly facts: DataFacts | undefined;
}

const tables = ['.csv', '.tsv', '.jsonl', '.ndjson'];

/** Rejects with what the inspection rejects with, but for data of an unknown form. */
export async function inspectData(services: Services, picked: string): Promise<InspectedData> {
  try {
    const report = await withProgress(t('Inspecting {0}', isolate(picked)), (signal) =>
      services.client.call(datasetsInspect, { path: picked }, signal),
    );
    const isTable = report.format === 'csv' || report.format === 'tsv' || report.format === 'jsonl';
    return { path: isTable ? await tableOf(picked) : picked, facts: factsOf(report) };
  } catch (error) {
    if (isStudioError(error, 'dataset.unsupported')) return { path: picked, facts: undefined };
    throw error;
  }
}

async function tableOf(picked: string): Promise<string> {
  if (!(await stat(picked)).isDirectory()) return picked;
  const names = await readdir(picked);
  const table = names.find((name) => tables.includes(path.extname(name).toLowerCase()));
  return table === undefined ? picked : path.join(picked, table);
}
