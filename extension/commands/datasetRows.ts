/** The rows of a data set: shown, and written into its table after a person has seen the difference. */
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { datasetsPreview, datasetsRows, datasetsWrite } from '../../protocol/api/datasets';
import { panels } from '../contributions';
import { datasetPage } from '../panels/dataset';
import { openPanel } from '../panels/openPanel';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { formatNumber } from '../text/format';
import { t } from '../text/translate';
import { datasetLook } from '../views/looks/dataset';
import { pickEntity } from './pick';
import { fileOf } from './target';

/** A listed data set, or any path. */
export async function openDataset(services: Services, argument: unknown): Promise<void> {
  const found = await findDataset(services, argument, t('Open Data Set'));
  if (found !== undefined) await openPanel(services, panels.dataset, datasetPage(services), found);
}

export async function writeDataset(services: Services, argument: unknown): Promise<void> {
  const found = await findDataset(services, argument, t('Write Changes into the File'));
  if (found === undefined) return;
  const { client } = services;
  const place = { path: found.path };
  const { changes } = await client.call(datasetsRows, { ...place, offset: 0, limit: 1 });
  if (changes.changed + changes.rejected === 0) {
    void vscode.window.showInformationMessage(t('There are no changes to write.'));
    return;
  }
  const dropRejected = await askRejected(changes.rejected);
  if (dropRejected === undefined) return;
  const { file, preview, changedRows, removedRows } = await client.call(datasetsPreview, {
    ...place,
    dropRejected,
  });
  await vscode.commands.executeCommand(
    'vscode.diff',
    vscode.Uri.file(file),
    vscode.Uri.file(preview),
    t('{0}: as it is ↔ as it would be', isolate(basename(file))),
  );
  const write = t('Write');
  const chosen = await vscode.window.showWarningMessage(
    t(
      'Write {0} changed rows into {1} and take out {2}? The file as it is now is kept.',
      formatNumber(changedRows),
      isolate(basename(file)),
      formatNumber(removedRows),
    ),
    write,
    t('Not Now'),
  );
  if (chosen !== write) return;
  const { backup } = await client.call(datasetsWrite, { ...place, dropRejected });
  await openPanel(services, panels.dataset, datasetPage(services), found);
  const show = t('Show the Old File');
  const next = await vscode.window.showInformationMessage(
    t('{0} is written. What it was is kept as {1}.', isolate(basename(file)), isolate(basename(backup))),
    show,
  );
  if (next === show)
    await vscode.commands.executeCommand('vscode.diff', vscode.Uri.file(backup), vscode.Uri.file(file));
}

/** Undefined when the person gave up. */
async function askRejected(count: number): Promise<boolean | undefined> {
  if (count === 0) return false;
  const drop = t('Take the rejected rows out ({0})', formatNumber(count));
  const keep = t('Leave them in the file');
  const chosen = await vscode.window.showQuickPick([drop, keep], { title: t('Rejected Rows') });
  return chosen === undefined ? undefined : chosen === drop;
}

/** What a menu or a page names, or the one that the person picks from the list. */
export async function findDataset(
  services: Services,
  argument: unknown,
  title: string,
): Promise<{ path: string; name: string } | undefined> {
  const given = pathOf(argument);
  const { datasets } = services.topics;
  await datasets.ready();
  const listed = given === undefined ? undefined : datasets.mirror.list().find(({ path }) => path === given);
  if (given !== undefined) return { path: given, name: listed?.name ?? basename(given) };
  const dataset = await pickEntity(datasets, {
    argument,
    title,
    choice: (each) => datasetLook(each, Date.now()),
    none: t('There are no data sets on the list yet.'),
  });
  return dataset === undefined ? undefined : { path: dataset.path, name: dataset.name };
}

function pathOf(argument: unknown): string | undefined {
  if (typeof argument === 'object' && argument !== null && 'path' in argument && !('scheme' in argument))
    return typeof argument.path === 'string' ? argument.path : undefined;
  return typeof argument === 'string' ? undefined : fileOf(argument);
}
