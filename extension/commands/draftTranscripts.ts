/** Rows of a data set that have no text yet get what a recogniser hears in them: drafts, which a person then corrects. */
import * as vscode from 'vscode';
import { datasetsClip, datasetsEdit, datasetsRows } from '../../protocol/api/datasets';
import { inferenceRun } from '../../protocol/api/inference';
import type { DatasetEdit, DatasetRow } from '../../protocol/model/datasetRows';
import type { Model } from '../../protocol/model/model';
import { panels } from '../contributions';
import { datasetPage } from '../panels/dataset';
import { openPanel } from '../panels/openPanel';
import type { Services } from '../services';
import { chosenModel } from '../speech/chosenModel';
import { isolate } from '../text/bidi';
import { formatNumber } from '../text/format';
import { t } from '../text/translate';
import { findDataset } from './datasetRows';
import { withNotice } from './notice';
import { recogniser } from './speech';

/** Rows asked for at once. */
const page = 1000;
/** Drafts that are kept at once: one step to undo, and all that a crash can lose. */
const kept = 25;
/** Failures at the start after which it is given up. */
const hopeless = 5;

interface Drafts {
  readonly written: number;
  /** Recordings in which nothing was heard, or that could not be read; the first failure's message. */
  readonly without: number;
  readonly failure: string | undefined;
}

export async function draftTranscripts(services: Services, argument: unknown): Promise<void> {
  const found = await findDataset(services, argument, t('Draft Transcripts'));
  if (found === undefined) return;
  const rows = await rowsWithoutText(services, found.path);
  if (rows.length === 0) {
    void vscode.window.showInformationMessage(
      t('No recording of {0} is without a text.', isolate(found.name)),
    );
    return;
  }
  const model = await chosenModel(services, recogniser());
  if (model === undefined) return;
  const title = t('Drafting with {0}', isolate(model.name));
  const drafts = await withNotice(title, (signal, report) =>
    draft(services, model, found.path, rows, signal, report),
  );
  await openPanel(services, panels.dataset, datasetPage(services), found);
  say(drafts);
}

async function rowsWithoutText({ client }: Services, path: string): Promise<DatasetRow[]> {
  const found: DatasetRow[] = [];
  for (let offset = 0; ; offset += page) {
    const { rows, total } = await client.call(datasetsRows, { path, offset, limit: page });
    found.push(
      ...rows.filter(
        (row) => (row.text ?? '').trim() === '' && (row.audioPath ?? row.embedded) !== undefined,
      ),
    );
    if (offset + page >= total) return found;
  }
}

async function draft(
  services: Services,
  model: Model,
  path: string,
  rows: readonly DatasetRow[],
  signal: AbortSignal,
  report: (message: string, increment?: number) => void,
): Promise<Drafts> {
  const { client } = services;
  let edits: DatasetEdit[] = [];
  let [written, without] = [0, 0];
  let failure: string | undefined;
  const keep = async (): Promise<void> => {
    if (edits.length > 0) await client.call(datasetsEdit, { path, edits });
    written += edits.length;
    edits = [];
  };
  const stopped = (): boolean => signal.aborted;
  for (const [i, row] of rows.entries()) {
    try {
      const text = await heardIn(services, model, path, row, signal);
      if (text === '') without++;
      else edits.push({ row: row.row, text });
    } catch (error) {
      if (stopped()) break;
      // One bad recording is not the end of the others; a recogniser that hears none of the first is.
      without++;
      failure ??= error instanceof Error ? error.message : String(error);
      if (without >= hopeless && written + edits.length === 0) throw error;
    }
    report(t('{0} of {1}', formatNumber(i + 1), formatNumber(rows.length)), 100 / rows.length);
    if (edits.length >= kept) await keep();
  }
  await keep();
  return { written, without, failure };
}

async function heardIn(
  { client }: Services,
  model: Model,
  path: string,
  row: DatasetRow,
  signal: AbortSignal,
): Promise<string> {
  const audioPath = row.audioPath ?? (await client.call(datasetsClip, { path, row: row.row })).path;
  const { output } = await client.call(inferenceRun, { modelPath: model.path, input: { audioPath } }, signal);
  return (output.text ?? '').trim();
}

function say({ written, without, failure }: Drafts): void {
  const drafted = t(
    '{0} drafts are in the table: listen, correct and accept them, then write.',
    formatNumber(written),
  );
  if (without === 0) return void vscode.window.showInformationMessage(drafted);
  const silent = t('{0} recordings have none.', formatNumber(without));
  void vscode.window.showWarningMessage(
    [drafted, silent, failure].filter((part) => part !== undefined).join(' '),
  );
}
