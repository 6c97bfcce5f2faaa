/** The legend of a chart: which line is which, with its value at the cursor or at its end. */
import { h, keyed, setText } from '../common/dom';
import { isolate, type Translate } from '../common/i18n/translate';
import { valueAt, type PreparedLine } from './chartData';
import type { ChartLook } from './chartOptions';

export interface Legend {
  readonly element: HTMLElement;
  /** Where the cursor stands on the x axis; empty while it is elsewhere. */
  readonly position: HTMLElement;
  show(lines: readonly PreparedLine[], look: ChartLook): void;
  point(lines: readonly PreparedLine[], look: ChartLook, x: number | undefined): void;
}

export function chartLegend(t: Translate): Legend {
  const element = h('ul', { class: 'legend' });
  const position = h('span', { class: 'muted figure' });
  let at: number | undefined;

  const label = (line: PreparedLine, severalRuns: boolean, severalSplits: boolean): string => {
    const split = t(`split.${line.split}`);
    if (!severalSplits) return line.runName;
    return severalRuns ? `${isolate(line.runName)} · ${split}` : split;
  };
  const create = (): HTMLElement =>
    h(
      'li',
      {},
      h('span', { class: 'swatch', attrs: { 'aria-hidden': 'true' } }),
      h('span'),
      h('output', { class: 'figure', dir: 'ltr' }),
    );
  const show = (lines: readonly PreparedLine[], look: ChartLook): void => {
    const several = new Set(lines.map((line) => line.runId)).size > 1;
    const splits = new Set(lines.map((line) => line.split)).size > 1;
    keyed(
      element,
      lines,
      (line) => `${line.runId}/${line.split}`,
      create,
      (item, line) => {
        const [swatch, name, value] = item.children;
        if (swatch instanceof HTMLElement) {
          swatch.style.borderBlockStartColor =
            look.colors.series[line.color % look.colors.series.length] ?? look.colors.accent;
          swatch.style.borderBlockStartStyle = line.split === 'validation' ? 'dashed' : 'solid';
          swatch.style.borderBlockStartWidth = line.split === 'batch' ? '1px' : '2px';
        }
        if (name !== undefined) setText(name, label(line, several, splits));
        const shown = valueAt(line, at);
        if (value !== undefined) setText(value, shown === undefined ? '–' : look.format.number(shown.y));
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
