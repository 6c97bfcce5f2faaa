/** The files with their sizes; what would be fetched is ticked. */
import type { DownloadPlan } from '../../protocol/model/download';
import type { HubFile } from '../../protocol/model/hubModel';
import { h, setText } from '../common/dom';
import type { Page } from '../common/page';
import { button } from '../common/toolkit';

export interface FilesView {
  readonly element: HTMLElement;
  show(files: readonly HubFile[], ticked: ReadonlySet<string>): void;
  /** Sums of the plan; undefined while it is worked out. */
  plan(plan: DownloadPlan | undefined, chosen: boolean): void;
}

export interface FilesActions {
  tick(path: string, on: boolean): void;
  /** Everything, nothing, or what Goya would choose. */
  choose(which: 'all' | 'none' | 'default'): void;
}

/** Rows that are made at once; the rest on demand. */
const firstRows = 200;

export function filesView(page: Page<unknown>, actions: FilesActions): FilesView {
  const { t, format } = page;
  const list = h('ul', { class: 'files', attrs: { 'aria-labelledby': 'files-heading', tabindex: 0 } });
  const sums = h('p', { id: 'sums', class: 'figure', attrs: { role: 'status' } });
  const note = h('p', { id: 'plan-note', class: 'muted', dir: 'auto' });
  const boxes = new Map<string, HTMLInputElement>();
  const choice = (which: 'all' | 'none' | 'default', label: string): HTMLElement =>
    button({ id: `choose-${which}`, label, onClick: () => actions.choose(which) });
  const element = h(
    'section',
    { class: 'stack', attrs: { 'aria-labelledby': 'files-heading' } },
    h(
      'div',
      { class: 'row spread' },
      h('h2', { id: 'files-heading' }, t('hub.files')),
      h(
        'div',
        { class: 'row' },
        choice('default', t('hub.chooseDefault')),
        choice('all', t('hub.chooseAll')),
        choice('none', t('hub.chooseNone')),
      ),
    ),
    sums,
    note,
    list,
  );
  let shown: readonly HubFile[] = [];
  let current: ReadonlySet<string> = new Set();
  let states: ReadonlyMap<string, string> = new Map();
  const rows = new Map<string, HTMLElement>();

  const row = (file: HubFile, ticked: boolean): HTMLElement => {
    const box = h('input', {
      attrs: { type: 'checkbox', 'data-path': file.path },
      on: { change: () => actions.tick(file.path, box.checked) },
    });
    box.checked = ticked;
    boxes.set(file.path, box);
    const state = h('span', { class: 'muted file-state' });
    rows.set(file.path, state);
    setText(state, stateWords(file.path));
    return h(
      'li',
      {},
      h('label', { class: 'file' }, box, h('bdi', { class: 'file-name' }, file.path), state),
      h('span', { class: 'figure muted' }, sizeWords(file.size)),
    );
  };
  const sizeWords = (size: number): string =>
    size < 1000 ? t('hub.bytes', { n: format.integer(size) }) : format.bytes(size);
  const stateWords = (path: string): string => {
    const state = states.get(path);
    if (state === 'present') return t('hub.present');
    return state === 'partial' ? t('hub.partial') : '';
  };
  const fill = (count: number): void => {
    boxes.clear();
    rows.clear();
    const rest = shown.length - count;
    list.replaceChildren(
      ...shown.slice(0, count).map((file) => row(file, current.has(file.path))),
      ...(rest > 0
        ? [
            h(
              'li',
              {},
              button({
                label: t('hub.moreFiles', { n: format.integer(rest) }),
                onClick: () => fill(shown.length),
              }),
            ),
          ]
        : []),
    );
  };
  return {
    element,
    show: (files, ticked) => {
      current = ticked;
      if (files === shown && files.length > 0) {
        for (const [path, box] of boxes) box.checked = ticked.has(path);
        return;
      }
      shown = files;
      fill(Math.min(files.length, files.length > firstRows + 50 ? firstRows : files.length));
    },
    plan: (plan, chosen) => {
      setText(note, chosen || plan?.note === undefined ? '' : plan.note);
      note.hidden = note.textContent === '';
      if (plan === undefined) {
        setText(sums, t('hub.planning'));
        return;
      }
      states = new Map(plan.files.map((file) => [file.path, file.state]));
      for (const [path, state] of rows) setText(state, stateWords(path));
      setText(
        sums,
        t(plan.remainingBytes === 0 ? 'hub.sumsHere' : 'hub.sums', {
          n: format.integer(plan.files.length),
          size: format.bytes(plan.totalBytes),
          left: format.bytes(plan.remainingBytes),
          free: format.bytes(plan.freeBytes),
        }),
      );
    },
  };
}
