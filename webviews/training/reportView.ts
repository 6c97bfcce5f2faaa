/** The report of a finished run: confusion matrix and figures for each label. */
import { panelFileUri } from '../../protocol/api/panel';
import type { Run } from '../../protocol/model/run';
import { metadataFile, trainedMetadata } from '../../ml/trained/metadata';
import { h } from '../common/dom';
import { describeError } from '../common/errorWords';
import { fetchBytes } from '../common/fetchBytes';
import type { Page } from '../common/page';
import { reportOf, type Report } from './report';

export function reportView(page: Page<unknown>) {
  const { t } = page;
  const content = h('div', { class: 'report' });
  const element = h(
    'section',
    { class: 'section', hidden: true, attrs: { 'aria-labelledby': 'report-heading' } },
    h('h2', { id: 'report-heading' }, t('report.heading')),
    content,
  );
  let shown: string | undefined;
  return {
    element,
    show: (run: Run | undefined): void => {
      const finished = run?.state === 'completed' && run.outputPath !== undefined;
      const key = finished ? `${run.id}/${run.endedAt ?? ''}` : undefined;
      if (key === shown) return;
      shown = key;
      element.hidden = true;
      if (!finished || run.outputPath === undefined) return;
      void load(run.outputPath).then((nodes) => {
        if (shown !== key || nodes.length === 0) return;
        content.replaceChildren(...nodes);
        element.hidden = false;
      });
    },
  };

  async function load(folder: string): Promise<HTMLElement[]> {
    try {
      const { uri } = await page.peer.call(panelFileUri, { path: `${folder}/${metadataFile}` });
      const text = new TextDecoder().decode(await fetchBytes(uri));
      const { labels, confusion } = trainedMetadata.parse(JSON.parse(text));
      const report = reportOf(labels, confusion);
      return report === undefined ? [] : [summary(report), matrix(report), labelTable(report)];
    } catch (error) {
      return [
        h('p', { class: 'muted', dir: 'auto' }, t('report.unreadable'), ' ', describeError(error, t).detail),
      ];
    }
  }

  function summary(report: Report): HTMLElement {
    return h(
      'p',
      {},
      t('report.summary', {
        accuracy: page.format.percent(report.accuracy, 2),
        n: page.format.integer(report.examples),
      }),
    );
  }

  function matrix({ labels, confusion }: Report): HTMLElement {
    const head = h(
      'tr',
      {},
      h('td', { class: 'corner muted' }, t('report.corner')),
      ...labels.map((label) => h('th', { attrs: { scope: 'col' } }, h('bdi', {}, label))),
    );
    const rows = confusion.map((row, i) => {
      const total = Math.max(
        1,
        row.reduce((sum, each) => sum + each, 0),
      );
      return h(
        'tr',
        {},
        h('th', { attrs: { scope: 'row' } }, h('bdi', {}, labels[i] ?? '')),
        ...row.map((count, j) => {
          const cell = h('td', { class: i === j ? 'hit' : 'miss' }, page.format.integer(count));
          cell.style.setProperty('--share', String(count / total));
          return cell;
        }),
      );
    });
    return h(
      'div',
      { class: 'scroll card', attrs: { tabindex: 0, role: 'group', 'aria-label': t('report.matrix') } },
      h('table', { class: 'confusion' }, h('caption', {}, t('report.matrix')), h('tbody', {}, head, ...rows)),
    );
  }

  function labelTable({ perLabel }: Report): HTMLElement {
    const heads = ['report.precision', 'report.recall', 'report.f1', 'report.support'] as const;
    const number = (value: number): HTMLElement => h('td', { class: 'number' }, page.format.number(value, 3));
    return h(
      'div',
      { class: 'scroll card', attrs: { tabindex: 0, role: 'group', 'aria-label': t('report.perLabel') } },
      h(
        'table',
        {},
        h('caption', {}, t('report.perLabel')),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { attrs: { scope: 'col' } }, t('report.label')),
            ...heads.map((key) => h('th', { class: 'number', attrs: { scope: 'col' } }, t(key))),
          ),
        ),
        h(
          'tbody',
          {},
          ...perLabel.map((each) =>
            h(
              'tr',
              {},
              h('th', { attrs: { scope: 'row' } }, h('bdi', {}, each.label)),
              number(each.precision),
              number(each.recall),
              number(each.f1),
              h('td', { class: 'number' }, page.format.integer(each.support)),
            ),
          ),
        ),
      ),
    );
  }
}
