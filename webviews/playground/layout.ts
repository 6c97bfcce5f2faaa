/** The frame of the playground: input and output side by side, run in between, the rest below. */
import { pageCommands } from '../common/commands';
import { h } from '../common/dom';
import { icon } from '../common/icons';
import type { Page } from '../common/page';
import { button, checkbox, setDisabled } from '../common/toolkit';

export interface LayoutParts {
  readonly chooser: HTMLElement;
  readonly result: HTMLElement;
  readonly code: HTMLElement;
  readonly history: HTMLElement;
  readonly compare: boolean;
  onCompare(compare: boolean): void;
  onRun(): void;
  onStop(): void;
}

export function layout(page: Page<unknown>, parts: LayoutParts) {
  const { t } = page;
  const place = h('div', { class: 'input-place' });
  const run = button({
    id: 'run',
    label: t('playground.run'),
    icon: 'play',
    appearance: 'primary',
    title: t('playground.runTitle'),
    onClick: parts.onRun,
  });
  setDisabled(run, true); // until there is a model
  const stop = button({ id: 'stop', label: t('run.stop'), icon: 'stop', onClick: parts.onStop });
  stop.hidden = true;
  const compare = checkbox({
    id: 'compare',
    label: t('playground.compare'),
    checked: parts.compare,
    onChange: parts.onCompare,
  });
  const status = h('span', { class: 'muted', attrs: { role: 'status' } });
  const body = h(
    'div',
    { class: 'play-body', hidden: true },
    h(
      'div',
      { class: 'columns' },
      h(
        'section',
        { class: 'card stack', attrs: { 'aria-labelledby': 'input-heading' } },
        h('h2', { id: 'input-heading' }, t('input.heading')),
        place,
        h('div', { class: 'row run-row' }, run, stop, compare.element, status),
      ),
      h(
        'section',
        { class: 'card stack', attrs: { 'aria-labelledby': 'result-heading' } },
        h('h2', { id: 'result-heading' }, t('result.heading')),
        parts.result,
      ),
    ),
    parts.code,
    parts.history,
  );
  const empty = h(
    'div',
    { class: 'empty', hidden: true },
    icon('beaker'),
    h('p', {}, t('model.noneYet')),
    h(
      'div',
      { class: 'row' },
      button({
        label: t('model.search'),
        icon: 'cloudDownload',
        appearance: 'primary',
        onClick: () => page.command(pageCommands.searchModels),
      }),
      button({
        label: t('runs.newConfig'),
        icon: 'add',
        onClick: () => page.command(pageCommands.newTrainingConfig),
      }),
      button({
        label: t('playground.dashboard'),
        icon: 'pulse',
        onClick: () => page.command(pageCommands.openDashboard),
      }),
    ),
  );
  page.root.append(h('main', { class: 'playground' }, parts.chooser, body, empty));
  return {
    /** There is no model at all: the next step is to make one. */
    showEmpty: (): void => {
      empty.hidden = false;
      body.hidden = true;
    },
    setInput: (element: HTMLElement): void => {
      body.hidden = false;
      empty.hidden = true;
      place.replaceChildren(element);
    },
    /** A published model chooses its place itself. */
    setCompares: (compares: boolean): void => {
      compare.element.hidden = !compares;
    },
    setReady: (ready: boolean): void => setDisabled(run, !ready),
    setRunning: (running: boolean, stops = false): void => {
      setDisabled(run, running);
      stop.hidden = !running || !stops;
      status.textContent = running ? t('playground.running') : '';
    },
    say: (words: string): void => {
      status.textContent = words;
    },
  };
}
