import { basename } from 'node:path';
import * as vscode from 'vscode';
import { datasetsImport, datasetsInspect, datasetsRemove } from '../../protocol/api/datasets';
import { inspectionProgress, type Dataset, type DatasetReport } from '../../protocol/model/dataset';
import type { ParamsIn, Result } from '../../protocol/wire/spec';
import { datasetDiagnostics } from '../datasetDiagnostics';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { formatNumber } from '../text/format';
import { t } from '../text/translate';
import { datasetLook } from '../views/looks/dataset';
import { withNotice } from './notice';
import { confirm, pickEntity, pickPath, reveal } from './pick';
import { showReport } from './report';
import { datasetReportText } from './reports';
import { targetOf } from './target';

const dataFiles = { Data: ['csv', 'tsv', 'jsonl', 'ndjson'] };

export async function importDataset(services: Services, argument: unknown): Promise<void> {
  const path = await pickPath(argument, { title: t('Import Data Set'), filters: dataFiles });
  if (path === undefined) return;
  const dataset = await watched(services, datasetsImport, path);
  await vscode.commands.executeCommand('goya.datasets.focus');
  if (dataset.errors + dataset.warnings === 0) return;
  const show = t('Show Findings');
  const chosen = await vscode.window.showWarningMessage(
    t('{0} is on the list; there are findings to look at.', isolate(dataset.name)),
    show,
  );
  if (chosen === show) await inspect(services, path);
}

/** A listed data set, or any file or folder. */
export async function inspectDataset(services: Services, argument: unknown): Promise<void> {
  const { datasets } = services.topics;
  await datasets.ready();
  const target = targetOf(argument);
  const listed = target === undefined ? undefined : datasets.mirror.get(target.id);
  const path =
    listed?.path ??
    (await pickPath(target === undefined ? argument : undefined, {
      title: t('Inspect Data Set'),
      filters: dataFiles,
    }));
  if (path !== undefined) await inspect(services, path);
}

async function inspect(services: Services, path: string): Promise<void> {
  const report: DatasetReport = await watched(services, datasetsInspect, path);
  datasetDiagnostics(services).show(path, report);
  await showReport({
    name: basename(path),
    subject: path,
    markdown: datasetReportText(path, report),
  });
}

/** Says how many rows and clips have been looked at, and can be cancelled. */
function watched<R extends typeof datasetsImport | typeof datasetsInspect>(
  services: Services,
  spec: R,
  path: string,
): Thenable<Result<R>> {
  return withNotice(t('Inspecting {0}', isolate(path)), (signal, report) => {
    let shown = 0;
    const onProgress = (value: unknown): void => {
      const parsed = inspectionProgress.safeParse(value);
      if (!parsed.success) return;
      const { phase, done, total } = parsed.data;
      if (phase === 'rows' || total === undefined) return report(t('{0} rows', formatNumber(done)));
      const percent = total === 0 ? 100 : (done / total) * 100;
      report(t('{0} of {1} clips', formatNumber(done), formatNumber(total)), percent - shown);
      shown = percent;
    };
    const params = { path } as ParamsIn<R>;
    return services.client.callWatched(spec, params, { signal, onProgress });
  });
}

const pick = (services: Services, argument: unknown, title: string): Promise<Dataset | undefined> =>
  pickEntity(services.topics.datasets, {
    argument,
    title,
    choice: (dataset) => datasetLook(dataset, Date.now()),
    none: t('There are no data sets on the list yet.'),
  });

export async function removeDataset(services: Services, argument: unknown): Promise<void> {
  const dataset = await pick(services, argument, t('Remove Data Set'));
  if (dataset === undefined) return;
  const sure = await confirm(
    t('Take {0} off the list?', isolate(dataset.name)),
    t('Its files stay where they are.'),
    t('Remove'),
  );
  if (sure) await services.client.call(datasetsRemove, { id: dataset.id });
}

export async function revealDataset(services: Services, argument: unknown): Promise<void> {
  const dataset = await pick(services, argument, t('Show Folder'));
  if (dataset !== undefined) await reveal(dataset.path);
}
