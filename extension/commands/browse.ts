import * as vscode from 'vscode';
import { curatedCategories, hubCurated } from '../../protocol/api/hub';
import type { Services } from '../services';
import { t } from '../text/translate';
import { typeName } from '../views/looks/task';
import { curatedItem } from './hubItem';
import { withProgress } from './pick';
import { openModelPage } from './modelPage';

/** The shipped lists of Persian models, one after the other. */
export async function browsePersianModels(services: Services): Promise<void> {
  await services.topics.models.ready();
  const installed = new Set(services.topics.models.mirror.list().map((model) => model.repoId));
  const lists = await withProgress(t('Reading the Persian models'), (signal) =>
    Promise.all(
      curatedCategories.map(async (category) => ({
        category,
        ...(await services.client.call(hubCurated, { category }, signal)),
      })),
    ),
  );
  const items = lists.flatMap(({ category, models }) => [
    { label: typeName(category), kind: vscode.QuickPickItemKind.Separator, repoId: '', include: undefined },
    ...models.map((model) => ({
      ...curatedItem(model, installed.has(model.repoId)),
      repoId: model.repoId,
      include: model.include,
    })),
  ]);
  const offline = lists.some((list) => list.offline);
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Persian Models'),
    placeHolder: offline
      ? t('The hub does not answer: this is the list as shipped')
      : t('Enter opens the model’s page'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked !== undefined) await openModelPage(services, { repoId: picked.repoId, include: picked.include });
}
