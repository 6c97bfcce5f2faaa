/** A data set of the hub: found by words or by its name, a part of it chosen, and fetched below a folder. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod';
import { datasetsHubParts, datasetsHubSearch, datasetsImportHub } from '../../protocol/api/datasets';
import { isStudioError } from '../../protocol/wire/errors';
import type { ParamsIn, Result } from '../../protocol/wire/spec';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { formatBytes, formatNumber } from '../text/format';
import { t } from '../text/translate';
import { callWithBytes } from './byteProgress';
import { withNotice } from './notice';
import { parseRepoName, type RepoName } from './repoName';
import { searchPick } from './searchPick';

type Part = Result<typeof datasetsHubParts>['parts'][number];

const askedColumn = z.object({ asks: z.enum(['audioColumn', 'textColumn']), columns: z.array(z.string()) });
type Asked = z.infer<typeof askedColumn>['asks'];

interface Amount {
  readonly limit?: number;
  readonly layout?: 'parquet';
}

export async function importHubDataset(services: Services, given: unknown): Promise<void> {
  const named = typeof given === 'string' ? parseRepoName(given) : await chooseRepo(services);
  if (named === undefined) return;
  const { parts } = await withNotice(t('Looking at {0}', isolate(named.repoId)), (signal) =>
    services.client.call(datasetsHubParts, named, signal),
  );
  const part = await choosePart(parts);
  if (part === undefined) return;
  const amount = await chooseAmount();
  if (amount === undefined) return;
  const parent = await chooseFolder();
  if (parent === undefined) return;
  const { config, split } = part;
  const chosen = { ...(config === undefined ? {} : { config }), split, ...amount };
  const dataset = await importAnswering(services, {
    ...named,
    ...chosen,
    path: join(parent, folderName(named, chosen)),
  });
  if (dataset === undefined) return;
  await vscode.commands.executeCommand('goya.datasets.focus');
  await vscode.commands.executeCommand('goya.openDataset', { path: dataset.path });
}

/** Where a column cannot be told it is asked for, and the import goes on with the answer; undefined: not answered. */
async function importAnswering(
  services: Services,
  params: ParamsIn<typeof datasetsImportHub>,
): Promise<Result<typeof datasetsImportHub> | undefined> {
  try {
    const title = t('Importing {0}', isolate(params.repoId));
    return await callWithBytes(services, title, datasetsImportHub, params);
  } catch (error) {
    const asked = askedColumn.safeParse(isStudioError(error) ? error.details : undefined);
    if (!asked.success || params[asked.data.asks] !== undefined) throw error;
    const { asks, columns } = asked.data;
    const column = await chooseColumn(asks, columns);
    return column === undefined ? undefined : importAnswering(services, { ...params, [asks]: column });
  }
}

async function chooseColumn(asks: Asked, columns: readonly string[]): Promise<string | undefined> {
  const names = columns.map((name) => ({ label: name, column: name }));
  const none = { label: t('None: the recordings have no text'), column: '' };
  const chosen = await vscode.window.showQuickPick(asks === 'textColumn' ? [...names, none] : names, {
    ...questions(),
    placeHolder:
      asks === 'textColumn' ? t('Which column has the texts?') : t('Which column has the recordings?'),
  });
  return chosen?.column;
}

/** Another choice has another folder: what was there before is gone on with, or left alone. */
export function folderName(
  { repoId, revision }: RepoName,
  { config, split, limit, layout }: { config?: string; split: string } & Amount,
): string {
  return [repoId.split('/').at(-1), revision, config, split, limit, layout]
    .filter((part) => part !== undefined)
    .map((part) => String(part).replaceAll(/[^\p{L}\p{N}._-]+/gu, '-'))
    .join('-');
}

/** They come when the network has answered: whoever went on with something else meanwhile still finds them. */
const questions = () => ({ title: t('Import Data Set from Hub'), ignoreFocusOut: true });

async function chooseRepo({ client }: Services): Promise<RepoName | undefined> {
  const chosen = await searchPick({
    title: t('Import Data Set from Hub'),
    placeholder: t('Words to search for, owner/name, or the address of its page'),
    search: async (text, signal) => {
      const named = text.includes('/') ? parseRepoName(datasetAddress(text)) : undefined;
      const { datasets } =
        named === undefined
          ? await client.call(datasetsHubSearch, { query: text }, signal)
          : { datasets: [] };
      const items = datasets.map(({ repoId, downloads, gated }) => ({
        label: repoId,
        description: t('{0} downloads', formatNumber(downloads)),
        ...(gated ? { detail: t('Its authors ask you to accept their terms first.') } : {}),
        value: repoId,
      }));
      return named === undefined ? items : [{ label: text, description: t('This data set'), value: text }];
    },
  });
  return chosen === undefined ? undefined : parseRepoName(datasetAddress(chosen));
}

/** `https://host/datasets/owner/name` is the page of a data set; a model's has no such folder. */
function datasetAddress(text: string): string {
  return text
    .trim()
    .replace(/^(https?:\/\/[^/]+)?\/?datasets\//i, (_, host: string | undefined) =>
      host === undefined ? '' : `${host}/`,
    );
}

async function choosePart(parts: readonly Part[]): Promise<Part | undefined> {
  const items = parts.map((part) => ({
    label: [part.config, part.split].filter((each) => each !== undefined).join(' · '),
    description: t('{0} files, {1}', formatNumber(part.files), formatBytes(part.bytes)),
    part,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    ...questions(),
    placeHolder: t('Which part?'),
    matchOnDescription: true,
  });
  return chosen?.part;
}

async function chooseAmount(): Promise<Amount | undefined> {
  const first = (limit: number) => ({
    label: t('The first {0} rows', formatNumber(limit)),
    amount: { limit },
  });
  const items: (vscode.QuickPickItem & { amount: Amount })[] = [
    { label: t('All rows'), detail: t('As a table and a folder of recordings'), amount: {} },
    first(100),
    first(1000),
    first(10_000),
    {
      label: t('As Parquet'),
      detail: t('The files as they are on the hub; they cannot be trained on or edited'),
      amount: { layout: 'parquet' },
    },
  ];
  const options = { ...questions(), placeHolder: t('How much of it?') };
  return (await vscode.window.showQuickPick(items, options))?.amount;
}

async function chooseFolder(): Promise<string | undefined> {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri;
  const picked = await vscode.window.showOpenDialog({
    title: t('A folder for it is made in here'),
    openLabel: t('Import Here'),
    canSelectFiles: false,
    canSelectFolders: true,
    ...(workspace === undefined ? {} : { defaultUri: workspace }),
  });
  return picked?.[0]?.fsPath;
}
