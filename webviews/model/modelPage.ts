/** The model page put together: what the hub says, what is here, what would be fetched, and the one button. */
import { downloadsPlan, downloadsStart } from '../../protocol/api/downloads';
import { hubCard, hubModelInfo } from '../../protocol/api/hub';
import type { ModelPageInput } from '../../protocol/api/panel';
import type { DownloadPlan } from '../../protocol/model/download';
import type { HubModelDetails } from '../../protocol/model/hubModel';
import { patternsFor } from '../../protocol/model/patterns';
import { isStudioError } from '../../protocol/wire/errors';
import { pageCommands } from '../common/commands';
import { h } from '../common/dom';
import { isolate } from '../common/i18n/translate';
import type { Page, RunningPage } from '../common/page';
import { busy, button } from '../common/toolkit';
import { actionOf } from './action';
import { actionView } from './actionView';
import { cardView } from './cardView';
import { Feed } from './feed';
import { filesView } from './filesView';
import { headView } from './headView';
import { savedModelPage, type SavedModelPage } from './saved';

/** A pause in ticking, after which the sums are asked for. */
const tickPauseMs = 250;
const nothing: ReadonlySet<string> = new Set();

export class ModelPage implements RunningPage<ModelPageInput> {
  private input: ModelPageInput;
  private saved: SavedModelPage;
  private details: HubModelDetails | undefined;
  private plan: DownloadPlan | undefined;
  /** What Goya would fetch by itself. */
  private standard: readonly string[] = [];
  /** Undefined until Goya's own choice is known. */
  private chosen: ReadonlySet<string> | undefined;
  /** Counts loads and plans: what an older one brings comes too late. */
  private generation = 0;
  private planning = 0;
  private pause: ReturnType<typeof setTimeout> | undefined;
  /** What was downloaded when the plan was made: an end makes it old. */
  private endedAt: string | undefined;
  private readonly feed: Feed;
  private readonly head;
  private readonly action;
  private readonly files;
  private readonly card;
  private readonly loading: HTMLElement;
  private readonly body: HTMLElement;
  private readonly offline: HTMLElement;

  constructor(private readonly page: Page<ModelPageInput>) {
    const { t } = page;
    this.input = page.input;
    this.saved = page.host.state(savedModelPage, {});
    this.feed = new Feed(
      page.peer,
      () => this.onFeed(),
      (error) => page.banner.show(error),
    );
    this.head = headView(page, { recheck: () => void this.load() });
    this.action = actionView(page, () => this.start());
    this.files = filesView(page, {
      tick: (path, on) => this.tick(path, on),
      choose: (which) => this.choose(which),
    });
    this.card = cardView(page);
    this.loading = busy(t('hub.asking'));
    this.offline = h('p', { class: 'offline', id: 'offline', hidden: true }, t('hub.offline'));
    this.body = h('div', { class: 'model-body' }, this.files.element, this.card.element);
    page.root.append(
      h(
        'main',
        { class: 'model-page' },
        this.head.element,
        this.offline,
        this.action.element,
        this.loading,
        this.body,
      ),
    );
    void this.feed.subscribe();
    void this.load();
  }

  onInput(input: ModelPageInput): void {
    this.input = input;
    void this.load();
  }

  onRefresh(): void {
    void this.feed.subscribe();
  }

  private async load(): Promise<void> {
    const { repoId, revision, include } = this.input;
    const mine = ++this.generation;
    this.page.banner.clear();
    this.details = undefined;
    this.plan = undefined;
    this.chosen = undefined;
    this.offline.hidden = true;
    this.body.hidden = true;
    if (repoId === undefined) return this.showNothing();
    this.loading.hidden = false;
    this.render();
    const params = { repoId, ...(revision === undefined ? {} : { revision }) };
    try {
      const details = await this.page.peer.call(hubModelInfo, params);
      if (mine !== this.generation) return;
      this.details = details;
      this.loading.hidden = true;
      this.body.hidden = false;
      this.render();
      this.page.announce(this.page.t('hub.shown', { name: isolate(repoId) }));
      void this.loadCard(mine, details);
      await this.loadPlan(mine, details, include);
    } catch (error) {
      if (mine !== this.generation) return;
      this.loading.hidden = true;
      // Without Goya's choice the person's own is left.
      this.chosen ??= new Set();
      this.offline.hidden = !isStudioError(error, 'hub.unreachable');
      this.page.banner.show(error, () => void this.load(), true);
      this.render();
    }
  }

  private showNothing(): void {
    const { t } = this.page;
    this.page.root.querySelector('main')?.replaceChildren(
      h(
        'div',
        { class: 'empty' },
        h('p', {}, t('hub.nothing')),
        button({
          label: t('hub.search'),
          appearance: 'primary',
          onClick: () => this.page.command(pageCommands.searchModels),
        }),
      ),
    );
  }

  private async loadCard(mine: number, { repoId, commit }: HubModelDetails): Promise<void> {
    this.card.loading();
    try {
      const card = await this.page.peer.call(hubCard, { repoId, revision: commit });
      if (mine === this.generation) await this.card.show(card, `${this.input.pageUrl}/blob/main/`);
    } catch (error) {
      if (mine === this.generation)
        this.card.failed(
          error,
          () => void this.loadCard(mine, this.details ?? ({ repoId, commit } as HubModelDetails)),
        );
    }
  }

  /** Goya's own choice first; then the person's from before a reload. */
  private async loadPlan(
    mine: number,
    { repoId, commit, files }: HubModelDetails,
    include: readonly string[] | undefined,
  ): Promise<void> {
    const selection = include === undefined ? {} : { include: [...include] };
    const plan = await this.page.peer.call(downloadsPlan, { repoId, revision: commit, ...selection });
    if (mine !== this.generation) return;
    this.standard = plan.files.map((file) => file.path);
    this.plan = plan;
    const known = new Set(files.map((file) => file.path));
    const before =
      this.saved.repoId === repoId ? this.saved.ticked?.filter((path) => known.has(path)) : undefined;
    this.chosen = new Set(before ?? this.standard);
    this.render();
    if (before !== undefined) await this.replan();
  }

  private tick(path: string, on: boolean): void {
    const ticked = new Set(this.ticked);
    if (on) ticked.add(path);
    else ticked.delete(path);
    this.setTicked(ticked);
  }

  private choose(which: 'all' | 'none' | 'default'): void {
    const all = this.details?.files.map((file) => file.path) ?? [];
    this.setTicked(new Set(which === 'all' ? all : which === 'none' ? [] : this.standard));
  }

  private setTicked(ticked: ReadonlySet<string>): void {
    this.chosen = ticked;
    this.plan = undefined;
    this.planning += 1;
    const { repoId } = this.input;
    this.saved = { repoId, ...(this.isStandard() ? {} : { ticked: [...ticked] }) };
    this.page.host.setState(this.saved);
    clearTimeout(this.pause);
    this.pause = setTimeout(() => void this.replan(), tickPauseMs);
    this.render();
  }

  private get ticked(): ReadonlySet<string> {
    return this.chosen ?? nothing;
  }

  private isStandard(): boolean {
    return this.ticked.size === this.standard.length && this.standard.every((path) => this.ticked.has(path));
  }

  /** What is ticked as `include`; undefined when it is Goya's own choice, `null` when nothing is. */
  private patterns(): readonly string[] | undefined | null {
    if (this.isStandard()) return this.input.include;
    const all = this.details?.files.map((file) => file.path) ?? [];
    return patternsFor([...this.ticked], all) ?? null;
  }

  private async replan(): Promise<void> {
    const { details } = this;
    const include = this.patterns();
    const mine = ++this.planning;
    if (details === undefined || include === null) return;
    const { repoId, commit } = details;
    try {
      const selection = include === undefined ? {} : { include: [...include] };
      const plan = await this.page.peer.call(downloadsPlan, { repoId, revision: commit, ...selection });
      if (mine !== this.planning || details !== this.details) return;
      this.plan = plan;
      this.render();
    } catch (error) {
      if (mine === this.planning) this.page.banner.show(error, () => void this.replan(), true);
    }
  }

  /** Pinned to the commit that is shown, so that what was agreed to is what arrives. */
  private async start(): Promise<void> {
    const { details } = this;
    const include = this.patterns();
    if (details === undefined || include === null) return;
    const { repoId, commit } = details;
    const selection = include === undefined ? {} : { include: [...include] };
    await this.page.peer.call(downloadsStart, { repoId, revision: commit, ...selection });
  }

  private onFeed(): void {
    const { repoId } = this.input;
    const download = repoId === undefined ? undefined : this.feed.download(repoId);
    const ended = download?.state === 'completed' ? download.updatedAt : undefined;
    if (ended !== undefined && ended !== this.endedAt) {
      this.endedAt = ended;
      void this.replan();
    }
    this.render();
  }

  private render(): void {
    const { repoId, pageUrl } = this.input;
    if (repoId === undefined) return;
    const { details, plan } = this;
    const installed = this.feed.model(repoId);
    const download = this.feed.download(repoId);
    this.head.show({ repoId, details, installed, pageUrl });
    const action = actionOf({ details, plan, download, installed, ticked: this.chosen?.size });
    this.action.element.hidden = action.kind === 'none';
    this.action.show(action, download, installed?.status === 'ready');
    if (details === undefined) return;
    this.files.show(details.files, this.ticked);
    this.files.plan(plan, !this.isStandard());
  }
}
