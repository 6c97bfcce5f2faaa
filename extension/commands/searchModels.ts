/** The hub's search as a QuickPick that searches while one types. */
import * as vscode from 'vscode';
import { hubSearch } from '../../protocol/api/hub';
import { toStudioError } from '../../protocol/wire/errors';
import type { Services } from '../services';
import { systemClock } from '../supervisor';
import { t } from '../text/translate';
import { planDownload } from './planDownload';
import { hubModelItem } from './hubItem';
import { SearchSession, type SearchView } from './searchSession';

const lastQueryKey = 'goya.lastSearch';
const persianKey = 'goya.searchPersianOnly';
const pageSize = 30;

interface Item extends vscode.QuickPickItem {
  readonly repoId?: string;
  readonly more?: true;
}

const openPage: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('link-external'),
  tooltip: t("Open the Model's Page"),
};

export async function searchModels(services: Services): Promise<void> {
  const { globalState } = services.context;
  let persian = globalState.get<boolean>(persianKey) ?? true;
  const pick = vscode.window.createQuickPick<Item>();
  const session = new SearchSession(
    async (query, cursor, signal) =>
      services.client.call(
        hubSearch,
        {
          limit: pageSize,
          sort: 'downloads',
          ...(query.text === '' ? {} : { query: query.text }),
          ...(query.persian ? { language: 'fa' } : {}),
          ...(cursor === undefined ? {} : { cursor }),
        },
        signal,
      ),
    (view) => showView(pick, view),
    systemClock,
  );
  const showFilter = (): void => {
    pick.title = persian ? t('Search Hugging Face: Persian models') : t('Search Hugging Face: all models');
    pick.buttons = [
      {
        iconPath: new vscode.ThemeIcon(persian ? 'globe' : 'filter'),
        tooltip: persian ? t('Search all languages') : t('Search Persian models only'),
      },
    ];
  };
  pick.placeholder = t('Name, owner or task, for example: mms-tts, whisper, piper');
  pick.ignoreFocusOut = true;
  pick.value = globalState.get<string>(lastQueryKey) ?? '';
  showFilter();
  const chosen = await new Promise<string | undefined>((resolve) => {
    pick.onDidChangeValue((text) => session.ask({ text: text.trim(), persian }));
    pick.onDidTriggerButton(() => {
      persian = !persian;
      void globalState.update(persianKey, persian);
      showFilter();
      session.ask({ text: pick.value.trim(), persian }, 0);
    });
    pick.onDidTriggerItemButton(({ item }) => void openHubPage(item.repoId));
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      if (item?.more === true) session.more();
      else if (item?.repoId !== undefined) {
        resolve(item.repoId);
        pick.hide();
      }
    });
    pick.onDidHide(() => resolve(undefined));
    session.ask({ text: pick.value.trim(), persian }, 0);
    pick.show();
  });
  session.stop();
  await globalState.update(lastQueryKey, pick.value);
  pick.dispose();
  if (chosen !== undefined) await planDownload(services, { repoId: chosen });
}

async function openHubPage(repoId: string | undefined): Promise<void> {
  if (repoId === undefined) return;
  const { hubPage } = await import('../hubPage');
  await vscode.env.openExternal(vscode.Uri.parse(hubPage(repoId)));
}

function showView(pick: vscode.QuickPick<Item>, view: SearchView): void {
  const active = pick.activeItems[0]?.repoId;
  pick.busy = view.busy;
  const items: Item[] = view.models.map((model) => ({
    ...hubModelItem(model),
    repoId: model.repoId,
    // The hub has already filtered: VS Code's own filter would hide what matched by description.
    alwaysShow: true,
    buttons: [openPage],
  }));
  if (view.more) items.push({ label: `$(arrow-down) ${t('More results…')}`, more: true, alwaysShow: true });
  if (view.error !== undefined)
    items.push({ label: `$(error) ${toStudioError(view.error).message}`, alwaysShow: true });
  else if (!view.busy && items.length === 0)
    items.push({ label: `$(info) ${t('The hub has no model for that.')}`, alwaysShow: true });
  pick.keepScrollPosition = true;
  pick.items = items;
  const again = items.find((item) => item.repoId !== undefined && item.repoId === active);
  if (again !== undefined) pick.activeItems = [again];
}
