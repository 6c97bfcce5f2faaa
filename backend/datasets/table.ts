import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { say } from '../language/say';
import { isDecoded } from '../sdk/audioFiles';
import { readRows } from '../sdk/data/readRows';
import { metadataName } from '../sdk/data/source';
import type { Inspected, Inspection } from './context';
import { checkEncoding } from './encoding';
import { Rows } from './rows';

/** Every data set whose rows stand in a file of text. */
export async function inspectTable(inspection: Inspection, table: string): Promise<Inspected> {
  const { source, findings, signal } = inspection;
  const isTable = source.format !== 'ljspeech' && source.format !== 'common-voice';
  const rows = new Rows(inspection, table, isTable);
  const { size } = await stat(table);
  if (await checkEncoding(table, findings)) {
    const listener = {
      onHeader: (names: readonly string[]) => rows.declare(names),
      onFault: rows.fault.bind(rows),
    };
    for await (const row of readRows(source, listener, signal)) rows.add(row);
  }
  if (source.format === 'ljspeech') await checkUnlisted(inspection, rows);
  return rows.finish(size);
}

/** Recordings of LJSpeech that no line names. Without the folder every recording is missing, and said to be. */
async function checkUnlisted({ source, findings }: Inspection, rows: Rows): Promise<void> {
  const listed = await readdir(source.audioFolder).catch(() => []);
  for (const name of listed.filter(isDecoded).sort()) {
    const file = path.join(source.audioFolder, name);
    if (rows.names(file)) continue;
    const message = (): string => say`${name} is not listed in ${metadataName}, so it is left out.`;
    findings.add('warning', 'audio.unlisted', message, { file });
  }
}
