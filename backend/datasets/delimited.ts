import { stat } from 'node:fs/promises';
import { detectDelimiter, readTable, TableError } from '../sdk/table';
import type { Inspected, Inspection } from './context';
import { Rows } from './rows';

function checkHeader(header: readonly string[], { findings, path: file }: Inspection): void {
  header.forEach((name, i) => {
    const place = { file, line: 1 };
    if (name === '') findings.add('error', 'header.empty', `Column ${i + 1} has no name.`, place);
    else if (header.indexOf(name) < i) {
      findings.add('error', 'header.duplicate', `Two columns are named "${name}".`, place);
    }
  });
}

/** CSV or TSV with one header row. A syntax error ends the reading, and is a problem like others. */
export async function inspectDelimited(inspection: Inspection): Promise<Inspected> {
  const { path: file, findings, signal } = inspection;
  const rows = new Rows(inspection);
  let header: string[] | undefined;
  try {
    const delimiter = await detectDelimiter(file);
    for await (const { line, cells } of readTable(file, { delimiter, signal })) {
      if (header === undefined) {
        header = cells.map((cell) => cell.trim());
        checkHeader(header, inspection);
        // A second column of one name would hide the first.
        header = header.map((name, i, all) => (all.indexOf(name) < i || name === '' ? `#${i + 1}` : name));
        rows.declare(header);
        continue;
      }
      if (cells.length !== header.length) {
        const message = `The row has ${cells.length} cells, the header ${header.length}.`;
        findings.add('error', 'row.length', message, { file, line });
      }
      rows.add(line, new Map(header.map((name, i) => [name, cells[i]])));
    }
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    findings.add('error', 'table.syntax', error.message, { file, ...(error.line && { line: error.line }) });
  }
  return rows.finish((await stat(file)).size);
}
