/** One row of the grid; its element is used again for whatever row scrolls into its place. */
import type { DatasetRow } from '../../protocol/model/datasetRows';
import { h, setAttribute, setText } from '../common/dom';
import type { Page } from '../common/page';
import { setIconButton } from '../common/toolkit';
import { icon } from '../common/icons';
import { findingName } from './findingNames';

export interface RowActions {
  play(row: DatasetRow): void;
  select(index: number): void;
  edit(index: number): void;
}

export interface RowState {
  readonly index: number;
  readonly row: DatasetRow | undefined;
  readonly active: boolean;
  readonly playing: boolean;
}

/** What its recording is known by; undefined when it has none. */
export function soundOf(row: DatasetRow): string | undefined {
  return row.audioPath ?? (row.embedded === true ? `row ${row.row}` : undefined);
}

export class RowView {
  readonly element: HTMLElement;
  private readonly number: HTMLElement;
  private readonly playButton: HTMLElement;
  private readonly verdict: HTMLElement;
  private readonly id: HTMLElement;
  private readonly text: HTMLElement;
  private readonly seconds: HTMLElement;
  private readonly group: HTMLElement;
  private readonly findings: HTMLElement;
  private state: RowState | undefined;

  constructor(
    private readonly page: Pick<Page<unknown>, 't' | 'format'>,
    actions: RowActions,
  ) {
    const cell = (name: string, ...children: HTMLElement[]): HTMLElement =>
      h('div', { class: `cell cell-${name}`, attrs: { role: 'gridcell' } }, ...children);
    this.playButton = h('button', {
      class: 'row-play',
      attrs: { type: 'button', tabindex: -1 },
      on: {
        click: (event) => {
          event.stopPropagation();
          if (this.state?.row !== undefined) actions.play(this.state.row);
        },
      },
    });
    this.number = cell('number');
    this.verdict = cell('verdict');
    this.id = cell('id');
    this.text = h('bdi', { class: 'row-text', dir: 'auto' });
    this.seconds = cell('seconds');
    this.group = cell('group');
    this.findings = cell('findings');
    this.element = h(
      'div',
      {
        class: 'row',
        attrs: { role: 'row' },
        on: {
          click: () => this.state && actions.select(this.state.index),
          dblclick: () => this.state && actions.edit(this.state.index),
        },
      },
      this.number,
      cell('play', this.playButton),
      this.verdict,
      this.id,
      cell('text', this.text),
      this.seconds,
      this.group,
      this.findings,
    );
  }

  show(state: RowState, top: number): void {
    this.element.style.transform = `translateY(${top}px)`;
    const before = this.state;
    this.state = state;
    const { index, row, active, playing } = state;
    if (before?.index !== index) {
      this.element.id = `row-${index}`;
      setAttribute(this.element, 'aria-rowindex', index + 2);
    }
    if (before?.active !== active) {
      this.element.classList.toggle('active', active);
      setAttribute(this.element, 'aria-selected', String(active));
    }
    if (before?.row !== row || before?.index !== index) this.fill(index, row);
    if (before?.playing !== playing || before.row !== row) this.showPlay(row, playing);
  }

  private showPlay(row: DatasetRow | undefined, playing: boolean): void {
    const { t } = this.page;
    this.playButton.hidden = row === undefined || soundOf(row) === undefined;
    setIconButton(this.playButton, playing ? 'stop' : 'play', t(playing ? 'dataset.stop' : 'dataset.play'));
  }

  private fill(index: number, row: DatasetRow | undefined): void {
    const { t, format } = this.page;
    setText(this.number, format.integer(row?.line ?? index + 1));
    setText(this.id, row?.id ?? '…');
    this.id.title = row?.id ?? '';
    setText(this.text, row?.text ?? '');
    this.element.classList.toggle('changed', row?.original !== undefined);
    this.text.title = row?.original === undefined ? '' : t('dataset.before', { text: row.original });
    setText(this.seconds, row?.seconds === undefined ? '' : format.duration(row.seconds));
    setText(this.group, row?.speaker ?? row?.label ?? '');
    const names = (row?.codes ?? []).map((code) => findingName(code, t));
    setText(this.findings, names.join(`${t('dataset.comma')} `));
    this.findings.title = names.join('\n');
    this.element.dataset['verdict'] = row?.verdict ?? '';
    const mark = row?.verdict;
    this.verdict.replaceChildren(
      ...(mark === undefined
        ? []
        : [
            icon(mark === 'accepted' ? 'check' : 'circleSlash'),
            h(
              'span',
              { class: 'verdict-word' },
              t(mark === 'accepted' ? 'dataset.accepted' : 'dataset.rejected'),
            ),
          ]),
    );
  }
}
