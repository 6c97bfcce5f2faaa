import type { DatasetReport } from '../../protocol/model/dataset';
import type { DatasetChanges, TextFix } from '../../protocol/model/datasetRows';
import { h, setText } from '../common/dom';
import { isolate } from '../common/i18n/translate';
import type { MessageKey } from '../common/i18n/translate';
import type { Page } from '../common/page';
import { button, setDisabled } from '../common/toolkit';
import type { DatasetStats } from './stats';

export interface HeadActions {
  undo(): void;
  redo(): void;
  fix(fix: TextFix | 'all'): void;
  write(): void;
  inspect(): void;
}

const fixNames: Readonly<Record<TextFix | 'all', MessageKey>> = {
  all: 'dataset.fixAll',
  letters: 'dataset.fixLetters',
  digits: 'dataset.fixDigits',
  invisible: 'dataset.fixInvisible',
  halfSpace: 'dataset.fixHalfSpace',
  spaces: 'dataset.fixSpaces',
};

/** Its name and figures, and what can be done with all rows. */
export class HeadView {
  readonly element: HTMLElement;
  private readonly name: HTMLElement;
  private readonly facts: HTMLElement;
  private readonly state: HTMLElement;
  private readonly undo: HTMLElement;
  private readonly redo: HTMLElement;
  private readonly write: HTMLElement;
  private readonly fix: HTMLSelectElement;
  private readonly tools: HTMLElement;
  private last: DatasetChanges | undefined;
  private shown = 0;

  constructor(
    private readonly page: Page<unknown>,
    private readonly actions: HeadActions,
  ) {
    const { t } = page;
    this.name = h('bdi', {}, '');
    this.facts = h('p', { class: 'muted', id: 'facts' });
    this.state = h('p', { class: 'muted', id: 'changes', attrs: { role: 'status' } });
    this.undo = button({ label: t('dataset.undo'), id: 'undo', onClick: () => this.press('undo') });
    this.redo = button({ label: t('dataset.redo'), id: 'redo', onClick: () => this.press('redo') });
    this.write = button({
      label: t('dataset.write'),
      icon: 'save',
      appearance: 'primary',
      id: 'write',
      onClick: () => actions.write(),
    });
    this.fix = h('select', {
      id: 'fix',
      attrs: { 'aria-label': t('dataset.fix') },
      on: { change: () => this.onFix() },
    });
    this.fix.append(
      h('option', { attrs: { value: '' } }, t('dataset.fix')),
      ...Object.entries(fixNames).map(([value, key]) => h('option', { attrs: { value } }, t(key))),
    );
    const inspect = button({
      label: t('dataset.inspect'),
      icon: 'refresh',
      appearance: 'icon',
      id: 'inspect',
      onClick: () => actions.inspect(),
    });
    this.tools = h('div', { class: 'tools' }, this.fix, this.undo, this.redo, this.write, inspect);
    this.element = h(
      'header',
      { class: 'head-view' },
      h('div', { class: 'title' }, h('h1', {}, this.name), this.facts, this.state),
      this.tools,
    );
  }

  show(name: string, path: string): void {
    setText(this.name, name);
    this.name.title = path;
    this.tools.hidden = false;
  }

  nothing(): void {
    setText(this.name, this.page.t('dataset.nothing'));
    this.tools.hidden = true;
  }

  report(report: DatasetReport, stats: DatasetStats): void {
    const { t, format } = this.page;
    const found = { error: 0, warning: 0, info: 0 };
    for (const { severity, count } of Object.values(stats.findings)) found[severity] += count;
    const parts = [
      isolate(report.format),
      stats.seconds === undefined ? undefined : format.duration(stats.seconds),
      t('dataset.errors', { n: format.integer(found.error) }),
      t('dataset.warnings', { n: format.integer(found.warning) }),
      t('dataset.notes', { n: format.integer(found.info) }),
    ];
    setText(this.facts, parts.filter((part) => part !== undefined).join(' · '));
  }

  count(shown: number): void {
    this.shown = shown;
    this.showState();
  }

  changes(changes: DatasetChanges): void {
    this.last = changes;
    setDisabled(this.undo, !changes.canUndo);
    setDisabled(this.redo, !changes.canRedo);
    setDisabled(this.write, !changes.writable || changes.changed + changes.rejected === 0);
    this.showState();
  }

  fixed(rows: number): void {
    this.fix.value = '';
    if (rows === 0) setText(this.state, this.page.t('dataset.nothingToFix'));
  }

  press(which: 'undo' | 'redo'): void {
    if (which === 'undo' && this.last?.canUndo === true) this.actions.undo();
    if (which === 'redo' && this.last?.canRedo === true) this.actions.redo();
  }

  private onFix(): void {
    const chosen = Object.keys(fixNames).find((name) => name === this.fix.value);
    this.fix.value = '';
    if (chosen !== undefined) this.actions.fix(chosen as TextFix | 'all');
  }

  private showState(): void {
    const { t, format } = this.page;
    const { changed = 0, accepted = 0, rejected = 0 } = this.last ?? {};
    const part = (key: MessageKey, n: number): string[] =>
      n === 0 ? [] : [t(key, { n: format.integer(n) })];
    const parts = [
      t('dataset.rowsShown', { n: format.integer(this.shown) }),
      ...part('dataset.changedRows', changed),
      ...part('dataset.acceptedRows', accepted),
      ...part('dataset.rejectedRows', rejected),
    ];
    setText(this.state, parts.join(' · '));
  }
}

export function headView(page: Page<unknown>, actions: HeadActions): HeadView {
  return new HeadView(page, actions);
}
