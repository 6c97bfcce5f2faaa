/** A data set's rows: heard, corrected, accepted or rejected. Nothing here touches its files. */
import * as z from 'zod';
import {
  datasetsClip,
  datasetsEdit,
  datasetsInspect,
  datasetsNormalize,
  datasetsRedo,
  datasetsUndo,
} from '../../protocol/api/datasets';
import type { DatasetInput } from '../../protocol/api/panel';
import {
  datasetFilter,
  datasetSort,
  type DatasetChanges,
  type DatasetEdit,
  type DatasetRow,
  type TextFix,
} from '../../protocol/model/datasetRows';
import { pageCommands } from '../common/commands';
import { h } from '../common/dom';
import type { Page, RunningPage } from '../common/page';
import { busy } from '../common/toolkit';
import { filterBar, type FilterBar } from './filterBar';
import { GridView } from './gridView';
import { headView, type HeadView } from './headView';
import { ClipPlayer } from './player';
import { RowsFeed } from './rowsFeed';
import { soundOf } from './rowView';
import { datasetStats } from './stats';
import { statsView } from './statsView';
import { editText } from './textEditor';

const savedDataset = z.object({
  path: z.string().optional(),
  sort: datasetSort.optional(),
  filter: datasetFilter.optional(),
});
type Saved = z.infer<typeof savedDataset>;

export class DatasetPage implements RunningPage<DatasetInput> {
  private input: DatasetInput;
  private saved: Saved;
  private readonly feed: RowsFeed;
  private readonly grid: GridView;
  private readonly player: ClipPlayer;
  private readonly head: HeadView;
  private readonly filters: FilterBar;
  private readonly stats;
  private readonly loading: HTMLElement;
  private readonly empty: HTMLElement;
  private readonly body: HTMLElement;
  /** Edits go one after the other: each is a step of its own. */
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly page: Page<DatasetInput>) {
    const { t } = page;
    this.input = page.input;
    const saved = page.host.state(savedDataset, {});
    this.saved = saved.path === this.input.path ? saved : { path: this.input.path };
    this.feed = new RowsFeed(page.peer, this.input.path ?? '', {
      onRows: () => this.onRows(),
      onChanges: (changes) => this.head.changes(changes),
      onError: (error) => page.banner.show(error, () => void this.load(), true),
    });
    this.player = new ClipPlayer(
      page.peer,
      (path) => this.onPlaying(path),
      (error) => page.banner.show(error),
    );
    this.grid = new GridView(page, this.feed, {
      play: (row) => this.play(row),
      edit: (index) => this.edit(index),
      sort: (sort) => this.ask({ ...this.saved, sort }),
      key: (event) => this.onKey(event),
    });
    this.head = headView(page, {
      undo: () => this.change(() => page.peer.call(datasetsUndo, this.place)),
      redo: () => this.change(() => page.peer.call(datasetsRedo, this.place)),
      fix: (fix) => this.normalize(fix),
      write: () => page.command(pageCommands.writeDataset, { path: this.input.path }),
      inspect: () => void this.load(),
    });
    this.filters = filterBar(page, this.saved.filter ?? {}, (filter) => this.ask({ ...this.saved, filter }));
    this.stats = statsView(page);
    this.loading = busy(t('dataset.inspecting'));
    this.empty = h('p', { class: 'empty muted', hidden: true }, t('dataset.noRows'));
    this.body = h(
      'div',
      { class: 'body' },
      h('div', { class: 'table' }, this.filters.element, this.empty, this.grid.element),
      this.stats.element,
    );
    page.root.append(h('main', { class: 'dataset-page' }, this.head.element, this.loading, this.body));
    void this.load();
  }

  onInput(input: DatasetInput): void {
    this.input = input;
    this.saved = { path: input.path };
    this.feed.show(input.path ?? '');
    this.grid.toTop();
    void this.load();
  }

  onRefresh(): void {
    void this.feed.renew(this.grid.active);
  }

  private get place(): { path: string } {
    return { path: this.input.path ?? '' };
  }

  private async load(): Promise<void> {
    const { page } = this;
    page.banner.clear();
    if (this.input.path === undefined) {
      this.loading.hidden = true;
      this.body.hidden = true;
      this.head.nothing();
      return;
    }
    this.head.show(this.input.name ?? '', this.input.path);
    this.loading.hidden = false;
    this.body.hidden = this.feed.total === 0;
    try {
      const report = await page.peer.call(datasetsInspect, this.place);
      const stats = datasetStats.parse(report.stats);
      this.head.report(report, stats);
      this.filters.show(stats);
      this.stats.show(report.items, stats);
      this.grid.showGroup(Object.keys({ ...stats.speakers, ...stats.labels }).length > 0);
      this.body.hidden = false;
      await this.feed.ask(this.saved);
      this.grid.showSort(this.saved.sort ?? { by: 'row' });
      page.announce(page.t('dataset.shown', { n: page.format.integer(report.items) }));
    } catch (error) {
      page.banner.show(error, () => void this.load(), true);
    } finally {
      this.loading.hidden = true;
    }
  }

  private ask(saved: Saved): void {
    this.saved = { ...saved, path: this.input.path };
    this.page.host.setState(this.saved);
    this.grid.showSort(saved.sort ?? { by: 'row' });
    this.grid.toTop();
    void this.feed.ask(this.saved).then(() => {
      this.page.announce(this.page.t('dataset.shown', { n: this.page.format.integer(this.feed.total) }));
    });
  }

  private onRows(): void {
    this.empty.hidden = this.feed.total > 0;
    this.head.count(this.feed.total);
    this.grid.refresh();
  }

  private onPlaying(path: string | undefined): void {
    this.grid.playing = path;
    this.grid.refresh();
  }

  private play(row: DatasetRow): void {
    const name = soundOf(row);
    if (name === undefined) return;
    if (row.audioPath !== undefined) return void this.player.toggle(name);
    const params = { ...this.place, row: row.row };
    void this.player.toggle(name, async () => (await this.page.peer.call(datasetsClip, params)).path);
  }

  private edit(index: number): void {
    this.grid.activate(index);
    const row = this.feed.row(index);
    // Activating may scroll: the element is drawn in the next frame.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        const element = this.grid.elementOf(index);
        if (row?.text === undefined || element === undefined) return;
        editText(this.page, row, element, (text) => {
          this.grid.focus();
          if (text !== undefined) this.editRows([{ row: row.row, text }]);
        });
      }),
    );
  }

  private editRows(edits: DatasetEdit[]): void {
    this.change(() => this.page.peer.call(datasetsEdit, { ...this.place, edits }));
  }

  private normalize(fix: TextFix | 'all'): void {
    const { filter } = this.saved;
    const fixes: TextFix[] =
      fix === 'all' ? ['letters', 'digits', 'invisible', 'halfSpace', 'spaces'] : [fix];
    this.change(async () => {
      const params = { ...this.place, fixes, ...(filter && { filter }) };
      const answer = await this.page.peer.call(datasetsNormalize, params);
      this.head.fixed(answer.rows);
      this.page.announce(this.page.t('dataset.fixed', { n: this.page.format.integer(answer.rows) }));
      return answer;
    });
  }

  private change(work: () => Promise<DatasetChanges>): void {
    this.turn = this.turn.then(async () => {
      try {
        this.head.changes(await work());
        await this.feed.renew(this.grid.active);
      } catch (error) {
        this.page.banner.show(error);
      }
    });
  }

  private onKey(event: KeyboardEvent): boolean {
    const row = this.feed.row(this.grid.active);
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (control && (event.code === 'KeyZ' || key === 'z')) {
      this.head.press(event.shiftKey ? 'redo' : 'undo');
      return true;
    }
    if (control && (event.code === 'KeyY' || key === 'y')) {
      this.head.press('redo');
      return true;
    }
    if (control || event.altKey || row === undefined) return false;
    if (event.key === ' ') this.play(row);
    else if (event.key === 'Enter' || event.key === 'F2') this.edit(this.grid.active);
    // By the key's place: the letters are others on a Persian keyboard.
    else if (event.code === 'KeyA') this.judge(row, 'accepted');
    else if (event.code === 'KeyR') this.judge(row, 'rejected');
    else if (event.code === 'KeyU') this.judge(row, null);
    else return false;
    return true;
  }

  /** The same again takes it back; a verdict leads to the next row. */
  private judge(row: DatasetRow, verdict: 'accepted' | 'rejected' | null): void {
    const next = row.verdict === verdict ? null : verdict;
    this.editRows([{ row: row.row, verdict: next }]);
    if (next !== null) this.grid.activate(this.grid.active + 1);
  }
}
