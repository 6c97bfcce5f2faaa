/** A grid of any number of rows: only those in view have elements. */
import type { DatasetRow, DatasetSort } from '../../protocol/model/datasetRows';
import { h, setAttribute } from '../common/dom';
import type { MessageKey } from '../common/i18n/translate';
import type { Page } from '../common/page';
import { RowView, soundOf } from './rowView';
import type { RowsFeed } from './rowsFeed';

export const rowHeight = 32;
/** Rows above and below the view: a quick scroll finds them drawn. */
const margin = 8;

const columns: readonly { name: string; key: MessageKey; by?: DatasetSort['by'] }[] = [
  { name: 'number', key: 'dataset.line', by: 'row' },
  { name: 'play', key: 'dataset.sound' },
  { name: 'verdict', key: 'dataset.verdict', by: 'verdict' },
  { name: 'id', key: 'dataset.name', by: 'id' },
  { name: 'text', key: 'dataset.text', by: 'text' },
  { name: 'seconds', key: 'dataset.length', by: 'seconds' },
  { name: 'group', key: 'dataset.group', by: 'speaker' },
  { name: 'findings', key: 'dataset.findings', by: 'findings' },
];

export interface GridActions {
  play(row: DatasetRow): void;
  edit(index: number): void;
  sort(sort: DatasetSort): void;
  /** Keys that the grid itself does not know. True when one was taken. */
  key(event: KeyboardEvent): boolean;
}

export class GridView {
  readonly element: HTMLElement;
  private readonly scroller: HTMLElement;
  private readonly canvas: HTMLElement;
  private readonly heads = new Map<string, HTMLElement>();
  private readonly views: RowView[] = [];
  private scheduled = false;
  active = 0;
  playing: string | undefined;

  constructor(
    private readonly page: Page<unknown>,
    private readonly feed: RowsFeed,
    private readonly actions: GridActions,
  ) {
    this.canvas = h('div', { class: 'rows', attrs: { role: 'rowgroup' } });
    this.scroller = h(
      'div',
      {
        class: 'scroller',
        id: 'rows',
        attrs: { role: 'grid', tabindex: 0, 'aria-label': page.t('dataset.rows') },
        on: { keydown: (event) => this.onKey(event) },
      },
      this.head(),
      this.canvas,
    );
    this.scroller.addEventListener('scroll', () => this.schedule(), { passive: true });
    new ResizeObserver(() => this.schedule()).observe(this.scroller);
    this.element = this.scroller;
  }

  /** Rows, their number or what plays is another now. */
  refresh(): void {
    const { total } = this.feed;
    this.active = Math.max(0, Math.min(this.active, total - 1));
    this.canvas.style.blockSize = `${total * rowHeight}px`;
    setAttribute(this.scroller, 'aria-rowcount', total + 1);
    this.schedule();
  }

  /** Without speakers and labels their column would be empty. */
  showGroup(shown: boolean): void {
    this.scroller.classList.toggle('no-group', !shown);
  }

  showSort(sort: DatasetSort): void {
    for (const [by, head] of this.heads) {
      const direction = sort.descending === true ? 'descending' : 'ascending';
      setAttribute(head, 'aria-sort', by === sort.by ? direction : 'none');
    }
  }

  activate(index: number): void {
    this.active = Math.max(0, Math.min(index, this.feed.total - 1));
    const top = this.active * rowHeight;
    const { scrollTop, clientHeight } = this.scroller;
    const seen = clientHeight - rowHeight;
    if (top < scrollTop) this.scroller.scrollTop = top;
    else if (top + rowHeight > scrollTop + seen) this.scroller.scrollTop = top + rowHeight - seen;
    this.schedule();
  }

  toTop(): void {
    this.scroller.scrollTop = 0;
    this.active = 0;
  }

  focus(): void {
    this.scroller.focus();
  }

  /** The element of a row that is in view. */
  elementOf(index: number): HTMLElement | undefined {
    return this.views.find(({ element }) => element.id === `row-${index}`)?.element;
  }

  private head(): HTMLElement {
    const { t } = this.page;
    const cells = columns.map(({ name, key, by }) => {
      const cell = h('div', { class: `cell cell-${name}`, attrs: { role: 'columnheader' } });
      if (by === undefined) {
        cell.append(h('span', { class: 'visually-hidden' }, t(key)));
        return cell;
      }
      this.heads.set(by, cell);
      cell.append(
        h(
          'button',
          {
            class: 'sort',
            attrs: { type: 'button' },
            on: {
              click: () =>
                this.actions.sort({ by, descending: cell.getAttribute('aria-sort') === 'ascending' }),
            },
          },
          t(key),
        ),
      );
      return cell;
    });
    const row = h('div', { class: 'row head', attrs: { role: 'row', 'aria-rowindex': 1 } }, ...cells);
    return h('div', { class: 'head-group', attrs: { role: 'rowgroup' } }, row);
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.draw();
    });
  }

  private draw(): void {
    const { total } = this.feed;
    const { scrollTop, clientHeight } = this.scroller;
    const first = Math.max(0, Math.floor(scrollTop / rowHeight) - margin);
    const count = Math.min(total - first, Math.ceil(clientHeight / rowHeight) + 2 * margin);
    this.feed.need(first, first + count);
    while (this.views.length < count) this.views.push(this.newView());
    const size = this.views.length;
    // A row keeps its element while it is in view: what has the focus does not wander.
    this.views.forEach((view, slot) => {
      const index = first + ((((slot - first) % size) + size) % size);
      const shown = index < first + count;
      view.element.hidden = !shown;
      if (!shown) return;
      const row = this.feed.row(index);
      const active = index === this.active;
      const playing = row !== undefined && this.playing !== undefined && soundOf(row) === this.playing;
      view.show({ index, row, active, playing }, index * rowHeight);
    });
    setAttribute(this.scroller, 'aria-activedescendant', total > 0 ? `row-${this.active}` : undefined);
  }

  private newView(): RowView {
    const view = new RowView(this.page, {
      play: (row) => this.actions.play(row),
      select: (index) => this.activate(index),
      edit: (index) => this.actions.edit(index),
    });
    this.canvas.append(view.element);
    return view;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.target !== this.scroller) return;
    const pageRows = Math.max(1, Math.floor(this.scroller.clientHeight / rowHeight) - 2);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      PageDown: this.active + pageRows,
      PageUp: this.active - pageRows,
      Home: 0,
      End: this.feed.total - 1,
    };
    const to = moves[event.key];
    if (to !== undefined && !event.altKey) this.activate(to);
    else if (!this.actions.key(event)) return;
    event.preventDefault();
  }
}
