/** What a bare model answered, each output shown as the person chooses, to be copied and saved. */
import type { PlainOutput } from '../../../ml/bare/outputs';
import { shapeWords } from '../../../ml/bare/bareModel';
import { panelCopy, panelPickFile, panelSaveFile } from '../../../protocol/api/panel';
import { toBase64 } from '../../common/base64';
import { h } from '../../common/dom';
import { fetchBytes } from '../../common/fetchBytes';
import { isolate } from '../../common/i18n/translate';
import type { Page } from '../../common/page';
import { button } from '../../common/toolkit';
import { csvOf, jsonOf, matrixOf } from './exportText';
import { select } from './fields';
import { likelyView } from './guesses';
import { parseLabels, type Labels } from './labels';
import { drawHeatMap, drawLines, drawPicture } from './plots';
import { viewKinds, type ViewKind } from './saved';
import { scoreList, valueTable } from './tables';

export interface OutputOptions {
  readonly views: Readonly<Record<string, ViewKind>>;
  /** From the file that was chosen, or one beside the model; asked for when scores are shown. */
  labels(): Promise<Labels | undefined>;
  onView(output: string, view: ViewKind): void;
  onLabels(labels: Labels): void;
}

export function outputViews(
  page: Page<unknown>,
  outputs: readonly PlainOutput[],
  options: OutputOptions,
): HTMLElement {
  return h('div', { class: 'stack' }, ...outputs.map((output) => outputView(page, output, options)));
}

function outputView(page: Page<unknown>, output: PlainOutput, options: OutputOptions): HTMLElement {
  const { t, format } = page;
  let view = options.views[output.name] ?? likelyView(output);
  const place = h('div', { class: 'stack' });
  const labels = h('p', { class: 'muted' });
  const chooser = button({
    label: t('bare.labels'),
    icon: 'folderOpened',
    onClick: () => void chooseLabels(),
  });
  const draw = (known: Labels | undefined): void => {
    chooser.hidden = view !== 'scores';
    labels.hidden = view !== 'scores' || known === undefined;
    if (known !== undefined)
      labels.textContent = t('bare.labelsFrom', {
        n: format.integer(known.names.length),
        file: isolate(known.file),
      });
    place.replaceChildren(shown(page, output, view, known));
  };
  const show = (): void => {
    draw(undefined);
    if (view !== 'scores') return;
    options.labels().then(
      (known) => {
        if (known !== undefined && view === 'scores') draw(known);
      },
      (error: unknown) => page.banner.show(error),
    );
  };
  const chooseLabels = async (): Promise<void> => {
    try {
      const file = await page.peer.call(panelPickFile, {
        title: t('bare.labels'),
        extensions: ['txt', 'json', 'csv'],
      });
      if (file === null) return;
      const name = file.path.split(/[\\/]/).at(-1) ?? file.path;
      const found = parseLabels(name, new TextDecoder().decode(await fetchBytes(file.uri)));
      if (found === undefined) throw new Error(t('bare.noLabels', { file: name }));
      options.onLabels(found);
      view = 'scores';
      draw(found);
    } catch (error) {
      page.banner.show(error);
    }
  };
  const choice = select({
    id: `view-${output.name}`,
    label: t('bare.show'),
    choices: viewKinds.map((one) => [one, t(`bare.view.${one}`)] as const),
    value: view,
    onChange: (chosen) => {
      view = chosen;
      options.onView(output.name, chosen);
      show();
    },
  });
  show();
  return h(
    'section',
    { class: 'bare-output', attrs: { 'data-output': output.name } },
    h(
      'h4',
      {},
      h('bdi', {}, output.name),
      ' ',
      h('code', { dir: 'ltr' }, `${output.dtype} ${shapeWords(output.shape)}`),
    ),
    h('div', { class: 'row' }, choice, chooser),
    labels,
    place,
    keepers(page, output),
  );
}

function shown(
  page: Page<unknown>,
  output: PlainOutput,
  view: ViewKind,
  labels: Labels | undefined,
): HTMLElement {
  const { t, format } = page;
  const matrix = matrixOf(output);
  if (matrix === undefined || view === 'table') return valueTable(page, output);
  if (view === 'scores') return scoreList(page, output, labels);
  const canvas = h('canvas', {
    class: view === 'heat' ? 'heat-map ltr' : view === 'line' ? 'line-plot ltr' : 'image-preview ltr',
    attrs: {
      role: 'img',
      'aria-label':
        view === 'heat'
          ? t('bare.heatOf', {
              name: output.name,
              columns: format.integer(matrix.rows),
              rows: format.integer(matrix.columns),
            })
          : t(view === 'line' ? 'bare.lineOf' : 'bare.imageOf', { name: output.name }),
    },
  });
  const range =
    view === 'image'
      ? drawPicture(canvas, output)
      : view === 'heat'
        ? drawHeatMap(canvas, matrix)
        : drawLines(canvas, matrix);
  if (range === undefined) return h('p', { class: 'muted' }, t('bare.noView'));
  const words = t('bare.values', { low: format.number(range.low), high: format.number(range.high) });
  return h('figure', {}, canvas, h('figcaption', { class: 'muted figure' }, words));
}

/** Copy and save, as CSV and as JSON: all of it, not what is shown. */
function keepers(page: Page<unknown>, output: PlainOutput): HTMLElement {
  const { t } = page;
  const told = (done: Promise<string | undefined>): void => {
    done.then(
      (words) => {
        if (words !== undefined) page.announce(words);
      },
      (error: unknown) => page.banner.show(error),
    );
  };
  const copy = (text: string): void =>
    told(page.peer.call(panelCopy, { text }).then(() => t('bare.copied', { name: output.name })));
  const save = (title: string, ending: string, text: string): void => {
    const name = `${output.name.replace(/[^\p{L}\p{N}_-]+/gu, '_')}.${ending}`;
    const base64 = toBase64(new TextEncoder().encode(text));
    told(
      page.peer
        .call(panelSaveFile, { title, name, base64 })
        .then((saved) => (saved === null ? undefined : t('bare.saved', { path: saved.path }))),
    );
  };
  return h(
    'div',
    { class: 'row' },
    button({ label: t('bare.copyCsv'), icon: 'copy', onClick: () => copy(csvOf(output)) }),
    button({ label: t('bare.copyJson'), icon: 'copy', onClick: () => copy(jsonOf(output)) }),
    button({
      label: t('bare.saveCsv'),
      icon: 'save',
      onClick: () => save(t('bare.saveCsv'), 'csv', csvOf(output)),
    }),
    button({
      label: t('bare.saveJson'),
      icon: 'save',
      onClick: () => save(t('bare.saveJson'), 'json', jsonOf(output)),
    }),
  );
}
