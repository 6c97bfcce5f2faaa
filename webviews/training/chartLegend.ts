/** The legend of a chart: which line is which, with its value at the cursor or at its end. */
import { h, keyed, setText } from '../common/dom';
import { isolate, type Translate } from '../common/i18n/translate';
import { valueAt, type PreparedLine } from './chartData';
import { lineStroke, type ChartLook } from './chartOptions';

export interface Legend {
  readonly element: HTMLElement;
  /** Where the cursor stands on the x axis; empty while it is elsewhere. */
  readonly position: HTMLElement;
  show(lines: readonly PreparedLine[], look: ChartLook): void;
  point(lines: readonly PreparedLine[], look: ChartLook, x: number | undefined): void;
}

/** As much of run and split as tells a line from the others. */
export function lineLabel(line: PreparedLine, lines: readonly PreparedLine[], t: Translate): string {
  const split = t(`split.${line.split}`);
  if (lines.every((each) => each.split === line.split)) return line.runName;
  const severalRuns = lines.some((each) => each.runId !== line.runId);
  return severalRuns ? `${isolate(line.runName)} · ${split}` : split;
}

export function chartLegend(t: Translate): Legend {
  const element = h('ul', { class: 'legend' });
  const position = h('span', { class: 'muted figure' });
  let at: number | undefined;

  const create = (): HTMLElement =>
    h(
      'li',
      {},
      h('span', { class: 'swatch', attrs: { 'aria-hidden': 'true' } }),
      h('span'),
      h('output', { class: 'figure', dir: 'ltr' }),
    );
  const show = (lines: readonly PreparedLine[], look: ChartLook): void => {
    keyed(
      element,
      lines,
      (line) => `${line.runId}/${line.split}`,
      create,
      (item, line) => {
        const [swatch, name, value] = item.children;
        if (swatch instanceof HTMLElement) {
          swatch.style.borderBlockStartColor = lineStroke(line, look.colors);
          swatch.style.borderBlockStartStyle = line.split === 'validation' ? 'dashed' : 'solid';
          swatch.style.borderBlockStartWidth = line.split === 'batch' ? '1px' : '2px';
        }
        if (name !== undefined) setText(name, lineLabel(line, lines, t));
        const shown = valueAt(line, at);
        if (value !== undefined) setText(value, shown === undefined ? '–' : look.value(shown.y));
      },
    );
    setText(position, at === undefined ? '' : positionWords(at, look, t));
  };
  return {
    element,
    position,
    show,
    point: (lines, look, x) => {
      at = x;
      show(lines, look);
    },
  };
}

function positionWords(x: number, { xAxis, format }: ChartLook, t: Translate): string {
  switch (xAxis) {
    case 'step':
      return t('chart.atStep', { n: format.integer(Math.round(x)) });
    case 'epoch':
      return t('chart.atEpoch', { n: format.number(x, 3) });
    case 'time':
      return format.duration(x);
  }
}
