/** The evaluation of a finished run, from the files beside its model: figures, confusion matrix, labels, mistakes. */
import { panelFileUri } from '../../protocol/api/panel';
import type { Run } from '../../protocol/model/run';
import { StudioError } from '../../protocol/wire/errors';
import { metadataFile, trainedMetadata, type TrainedMetadata } from '../../ml/trained/metadata';
import { h } from '../common/dom';
import { describeError } from '../common/errorWords';
import { fetchBytes } from '../common/fetchBytes';
import type { Page } from '../common/page';
import { comparisonTable } from './comparisonTable';
import { readEvaluation, type Evaluation, type Pronunciation } from './evaluation';
import { metricName } from './metricNames';
import { mistakeTable, pronunciationTables } from './mistakesView';
import { reportOf, type Report } from './report';
import { confusionMatrix, labelTable } from './reportTables';
import { samplePlayer } from './samplePlayer';

/** Beside the model; a task without an evaluation leaves none. */
const reportFile = 'report.json';
const rates = /(?:^|_)(?:accuracy|per|wer|cer|f1)$/;

export function reportView(page: Page<unknown>) {
  const { t, format } = page;
  const player = samplePlayer(page);
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
      player.stop();
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
      const metadata = trainedMetadata.parse(await read(`${folder}/${metadataFile}`));
      const written = await read(`${folder}/${reportFile}`).catch(absent);
      const evaluation = readEvaluation(written);
      const counts = evaluation.confusion ?? metadata.confusion;
      const labels = evaluation.confusion === undefined ? metadata.labels : evaluation.labels;
      return parts(metadata, evaluation, reportOf(labels, counts));
    } catch (error) {
      return [
        h('p', { class: 'muted', dir: 'auto' }, t('report.unreadable'), ' ', describeError(error, t).detail),
      ];
    }
  }

  async function read(path: string): Promise<unknown> {
    const { uri } = await page.peer.call(panelFileUri, { path });
    return JSON.parse(new TextDecoder().decode(await fetchBytes(uri)));
  }

  function parts(
    metadata: TrainedMetadata,
    { mistakes, pronunciation, comparison = [] }: Evaluation,
    report: Report | undefined,
  ): HTMLElement[] {
    const summary =
      report === undefined || pronunciation !== undefined
        ? []
        : [
            h(
              'p',
              {},
              t('report.summary', {
                accuracy: format.percent(report.accuracy, 2),
                n: format.integer(report.examples),
              }),
            ),
          ];
    const measured =
      pronunciation === undefined
        ? []
        : [
            h(
              'p',
              {},
              t('report.measured', {
                words: format.integer(pronunciation.words),
                stems: format.integer(pronunciation.stems),
              }),
              ...withheldSentence(pronunciation),
            ),
          ];
    return [
      ...summary,
      ...measured,
      ...figures(metadata.metrics),
      ...(comparison.length === 0 ? [] : [comparisonTable(page, comparison)]),
      ...(pronunciation === undefined ? [] : pronunciationTables(page, pronunciation)),
      ...(report === undefined ? [] : [confusionMatrix(page, report), labelTable(page, report)]),
      ...(mistakes === undefined ? [] : [mistakeTable(page, mistakes, player)]),
    ];
  }

  function withheldSentence({ withheld }: Pronunciation): string[] {
    if (withheld === undefined) return [];
    const { words, stems } = withheld;
    return [' ', t('report.heldBack', { words: format.integer(words), stems: format.integer(stems) })];
  }

  /** What was measured on the validation examples with the weights that were put out. */
  function figures(metrics: Readonly<Record<string, number>>): HTMLElement[] {
    const measured = Object.entries(metrics).filter(([name]) => name.startsWith('val_'));
    if (measured.length === 0) return [];
    const one = ([name, value]: [string, number]): HTMLElement[] => [
      h('dt', {}, h('bdi', {}, metricName(name, t))),
      h('dd', {}, rates.test(name) ? format.percent(value, 2) : format.number(value)),
    ];
    return [h('dl', { class: 'report-figures' }, ...measured.flatMap(one))];
  }
}

/** A model whose task reports nothing is no error; one that is not there at all was noticed by its metadata. */
function absent(error: unknown): undefined {
  if (error instanceof StudioError && error.kind === 'model.notFound') return undefined;
  throw error;
}
