/** The checkpoints of the run in the header, newest first, each ready to be tried. */
import type { Checkpoint } from '../../protocol/model/run';
import { pageCommands } from '../common/commands';
import { h } from '../common/dom';
import { icon } from '../common/icons';
import type { Page } from '../common/page';
import { button } from '../common/toolkit';

export function checkpointTable(page: Page<unknown>) {
  const { t, format } = page;
  const body = h('tbody');
  const number = (key: 'checkpoint.epoch' | 'checkpoint.step' | 'checkpoint.loss' | 'checkpoint.accuracy') =>
    h('th', { class: 'number', attrs: { scope: 'col' } }, t(key));
  const element = h(
    'section',
    { class: 'section', attrs: { 'aria-labelledby': 'checkpoints-heading' } },
    h('h2', { id: 'checkpoints-heading' }, t('checkpoint.heading')),
    h(
      'div',
      { class: 'scroll', attrs: { tabindex: 0, role: 'group', 'aria-labelledby': 'checkpoints-heading' } },
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            number('checkpoint.epoch'),
            number('checkpoint.step'),
            number('checkpoint.loss'),
            number('checkpoint.accuracy'),
            h('th', { attrs: { scope: 'col' } }, t('checkpoint.made')),
            h(
              'th',
              { attrs: { scope: 'col' } },
              h('span', { class: 'visually-hidden' }, t('checkpoint.try')),
            ),
          ),
        ),
        body,
      ),
    ),
  );
  let shown = '';
  return {
    element,
    show: (checkpoints: readonly Checkpoint[]): void => {
      element.hidden = checkpoints.length === 0;
      const key = JSON.stringify(checkpoints.map((each) => [each.id, each.best, each.loss, each.accuracy]));
      if (key === shown) return;
      shown = key;
      body.replaceChildren(...[...checkpoints].sort((a, b) => b.step - a.step).map(row));
    },
  };

  function row(checkpoint: Checkpoint): HTMLElement {
    const { epoch, step, loss, accuracy, best } = checkpoint;
    const cell = (text: string): HTMLElement => h('td', { class: 'number' }, text);
    return h(
      'tr',
      { attrs: { 'data-checkpoint': checkpoint.id } },
      h(
        'td',
        { class: 'number' },
        best && h('span', { class: 'best' }, icon('starFull'), t('checkpoint.best')),
        format.integer(epoch),
      ),
      cell(format.integer(step)),
      cell(format.number(loss)),
      cell(accuracy === undefined ? '–' : format.number(accuracy)),
      h('td', {}, format.dateTime(checkpoint.createdAt)),
      h(
        'td',
        {},
        button({
          label: t('checkpoint.tryEpoch', { n: format.integer(epoch) }),
          appearance: 'icon',
          icon: 'beaker',
          onClick: () =>
            page.command(pageCommands.tryCheckpoint, { id: checkpoint.id, runId: checkpoint.runId }),
        }),
        button({
          label: t('checkpoint.revealEpoch', { n: format.integer(epoch) }),
          appearance: 'icon',
          icon: 'folderOpened',
          onClick: () =>
            page.command(pageCommands.revealCheckpoint, { id: checkpoint.id, runId: checkpoint.runId }),
        }),
      ),
    );
  }
}
