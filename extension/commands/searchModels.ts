/** The hub's search as a QuickPick that searches while one types: Enter opens a model's page, → downloads it. */
import * as vscode from 'vscode';
import { hubSearch } from '../../protocol/api/hub';
import type { HubModel } from '../../protocol/model/hubModel';
import { toStudioError } from '../../protocol/wire/errors';
import { setContext } from '../context';
import { contextKeys } from '../contributions';
import type { Services } from '../services';
import { systemClock } from '../supervisor';
import { t } from '../text/translate';
import { hubModelItem } from './hubItem';
import { openModelPage } from './modelPage';
import { planDownload } from './planDownload';
import { SearchFacts } from './searchFacts';
import { SearchSession, type SearchPage, type SearchQuery, type SearchView } from './searchSession';

const lastQueryKey = 'goya.lastSearch';
const persianKey = 'goya.searchPersianOnly';
const pageSize = 30;

interface Item extends vscode.QuickPickItem {
  readonly model?: HubModel;
  readonly more?: true;
}

interface Chosen {
  readonly repoId: string;
  readonly action: 'page' | 'download';
}

const download: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('cloud-download'),
  tooltip: t('Download (→)'),
};

/** Takes the search's active line, while the search is open: what → does. */
let takeActive: (() => void) | undefined;

export function downloadFound(): Promise<void> {
  takeActive?.();
  return Promise.resolve();
}

export async function searchModels(services: Services): Promise<void> {
  const chosen = await choose(services);
  if (chosen === undefined) return;
  if (chosen.action === 'page') await openModelPage(services, { repoId: chosen.repoId });
  else await planDownload(services, { repoId: chosen.repoId });
}

async function choose(services: Services): Promise<Chosen | undefined> {
  const { globalState } = services.context;
  let persian = globalState.get<boolean>(persianKey) ?? true;
  let view: SearchView = { busy: true, models: [], more: false };
  const pick = vscode.window.createQuickPick<Item>();
  const facts = new SearchFacts(services, () => showView(pick, view, facts));
  const session = new SearchSession(
    (query, cursor, signal) => search(services, query, cursor, signal),
    (next) => showView(pick, (view = next), facts),
    systemClock,
    (query, signal) => services.client.call(hubSearch, { ...paramsOf(query), offline: true }, signal),
  );
  pick.placeholder = t('Name, owner or task, for example: mms-tts, whisper, piper');
  pick.ignoreFocusOut = true;
  pick.value = globalState.get<string>(lastQueryKey) ?? '';
  showFilter(pick, persian);
  setContext(contextKeys.searching, true);
  const told = services.token.onTold(() => {
    facts.forget();
    session.ask({ text: pick.value.trim(), persian }, 0);
  });
  const chosen = await new Promise<Chosen | undefined>((resolve) => {
    const take = (item: Item | undefined, action: Chosen['action']): void => {
      if (item?.more === true) session.more();
      else if (item?.model !== undefined) {
        resolve({ repoId: item.model.repoId, action });
        pick.hide();
      }
    };
    takeActive = () => take(pick.activeItems[0], 'download');
    pick.onDidChangeValue((text) => session.ask({ text: text.trim(), persian }));
    pick.onDidTriggerButton(() => {
      persian = !persian;
      void globalState.update(persianKey, persian);
      showFilter(pick, persian);
      session.ask({ text: pick.value.trim(), persian }, 0);
    });
    pick.onDidTriggerItemButton(({ item }) => take(item, 'download'));
    pick.onDidChangeActive(([item]) => facts.look(item?.model?.repoId));
    pick.onDidAccept(() => take(pick.selectedItems[0], 'page'));
    pick.onDidHide(() => resolve(undefined));
    session.ask({ text: pick.value.trim(), persian }, 0);
    pick.show();
  });
  takeActive = undefined;
  told.dispose();
  setContext(contextKeys.searching, false);
  session.stop();
  facts.stop();
  await globalState.update(lastQueryKey, pick.value);
  pick.dispose();
  return chosen;
}

function search(
  services: Services,
  query: SearchQuery,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<SearchPage> {
  const more = cursor === undefined ? {} : { cursor };
  return services.client.call(hubSearch, { ...paramsOf(query), ...more }, signal);
}

function paramsOf({ text, persian }: SearchQuery) {
  return {
    limit: pageSize,
    sort: 'downloads' as const,
    ...(text === '' ? {} : { query: text }),
    ...(persian ? { language: 'fa' } : {}),
  };
}

function showFilter(pick: vscode.QuickPick<Item>, persian: boolean): void {
  pick.title = persian ? t('Search Hugging Face: Persian models') : t('Search Hugging Face: all models');
  pick.buttons = [
    {
      iconPath: new vscode.ThemeIcon(persian ? 'globe' : 'filter'),
      tooltip: persian ? t('Search all languages') : t('Search Persian models only'),
    },
  ];
}

function showView(pick: vscode.QuickPick<Item>, view: SearchView, facts: SearchFacts): void {
  const active = pick.activeItems[0]?.model?.repoId;
  pick.busy = view.busy;
  const items: Item[] = view.models.map((model) => ({
    ...hubModelItem(model, facts.of(model.repoId)),
    model,
    // The hub has already filtered: VS Code's own filter would hide what matched by description.
    alwaysShow: true,
    buttons: [download],
  }));
  if (view.more) items.push({ label: `$(arrow-down) ${t('More results…')}`, more: true, alwaysShow: true });
  const said = stateLine(view, items.length);
  if (said !== undefined) items.push({ ...said, alwaysShow: true });
  pick.keepScrollPosition = true;
  pick.items = items;
  const again = items.find((item) => item.model !== undefined && item.model.repoId === active);
  if (again !== undefined) pick.activeItems = [again];
}

/** What stands below the results: why there are no more, or that they come from the machine alone. */
function stateLine({ busy, error, offline }: SearchView, count: number): vscode.QuickPickItem | undefined {
  const detail = error === undefined ? {} : { detail: toStudioError(error).message };
  if (offline === true)
    return {
      label: `$(debug-disconnect) ${t('Offline: what is installed, and Goya’s own list')}`,
      ...detail,
    };
  if (error !== undefined) return { label: `$(error) ${toStudioError(error).message}` };
  if (busy || count > 0) return undefined;
  return { label: `$(info) ${t('The hub has no model for that.')}` };
}
