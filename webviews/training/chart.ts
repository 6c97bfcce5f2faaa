/** One metric's chart: canvas, legend with the values under the cursor, zoom and move by mouse and keyboard, PNG. */
import uPlot from 'uplot';
import { panelSaveFile } from '../../protocol/api/panel';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { button } from '../common/toolkit';
import { chartKeys } from './chartKeys';
import { fullRange, plotData, prepare, valueAt, type PreparedLine } from './chartData';
import { chartHeight, chartOptions, drawMarks, lineStroke, type ChartLook, type Mark } from './chartOptions';
import { chartLegend, lineLabel, type Legend } from './chartLegend';
import type { Line } from './lines';
import { markLayer, type MarkLayer } from './marks';
import { moved, zoomed, type Range } from './navigate';
import { chartPng } from './png';

export interface ChartInput extends ChartLook {
  readonly lines: readonly Line[];
  readonly marks: readonly Mark[];
  readonly smoothing: number;
}

export interface ChartSetup {
  /** The metric's name. */
  readonly name: string;
  readonly title: string;
  /** Its checkpoints are reached with Tab. */
  readonly tabbableMarks: boolean;
}

export class Chart {
  readonly element: HTMLElement;
  private readonly place = h('div', { class: 'plot ltr', attrs: { tabindex: 0, role: 'img' } });
  private readonly legend: Legend;
  private readonly markLayer: MarkLayer;
  private plot: uPlot | undefined;
  private input: ChartInput | undefined;
  private lines: PreparedLine[] = [];
  /** What was zoomed to; undefined shows everything, growing. */
  private zoom: Range | undefined;
  private shape = '';
  private readonly resizes: ResizeObserver;

  constructor(
    private readonly setup: ChartSetup,
    private readonly page: Page<unknown>,
  ) {
    const { name, title } = setup;
    const { t } = page;
    this.legend = chartLegend(t);
    this.markLayer = markLayer(page, setup.tabbableMarks);
    const png = button({
      label: t('chart.savePng', { name: title }),
      appearance: 'icon',
      icon: 'save',
      onClick: () => void this.savePng(),
    });
    this.element = h(
      'figure',
      { class: 'chart card', attrs: { 'data-metric': name } },
      h('figcaption', {}, h('h3', {}, h('bdi', {}, title)), this.legend.position, png),
      h('div', { class: 'plot-area' }, this.place, this.markLayer.element),
      this.legend.element,
    );
    chartKeys(this.place, {
      cursor: (share) => this.moveCursor(share),
      pan: (share) => this.pan(share),
      zoom: (factor, at) => this.zoomBy(factor, at),
      showAll: () => this.setZoom(undefined),
    });
    this.resizes = new ResizeObserver(() => this.resize());
    this.resizes.observe(this.place);
  }

  show(input: ChartInput): void {
    const before = this.input;
    this.input = input;
    // Another axis measures something else: a range of the old one means nothing on it.
    if (before !== undefined && before.xAxis !== input.xAxis) this.zoom = undefined;
    this.lines = prepare(input.lines, input.smoothing, input.logScale);
    const shape = JSON.stringify([
      input.lines.map((line) => [line.runId, line.split, line.color, line.x.length <= 60]),
      input.xAxis,
      input.logScale,
      input.smoothing > 0,
      input.colors,
    ]);
    if (this.plot === undefined || shape !== this.shape) this.rebuild(input, shape);
    else this.refill();
    this.legend.show(this.lines, input);
    this.place.setAttribute('aria-label', this.summary(input));
  }

  dispose(): void {
    this.resizes.disconnect();
    this.plot?.destroy();
  }

  private rebuild(input: ChartInput, shape: string): void {
    this.plot?.destroy();
    this.plot = undefined;
    const width = this.place.clientWidth;
    if (width === 0) return; // Not laid out yet: the resize observer calls again.
    this.shape = shape;
    const options = chartOptions(this.lines, input, width, {
      draw: [(chart) => this.onDraw(chart)],
      setCursor: [(chart) => this.onCursor(chart)],
      setSelect: [(chart) => this.onSelect(chart)],
    });
    this.plot = new uPlot(options, this.data(), this.place);
    this.applyRange();
  }

  private refill(): void {
    this.plot?.setData(this.data(), false);
    this.applyRange();
  }

  private data(): uPlot.AlignedData {
    const columns = Math.max(50, this.place.clientWidth);
    return plotData(this.lines, this.range(), columns, (this.input?.smoothing ?? 0) > 0);
  }

  private range(): Range {
    return this.zoom ?? fullRange(this.lines);
  }

  private applyRange(): void {
    const [min, max] = this.range();
    // Setting the x scale lets uPlot fit y to what is in view, and draws.
    this.plot?.setScale('x', { min, max });
  }

  private setZoom(zoom: Range | undefined): void {
    this.zoom = zoom;
    if (this.input !== undefined) this.refill();
  }

  private pan(share: number): void {
    this.setZoom(moved(this.range(), fullRange(this.lines), share));
  }

  /** Around `at`, a share of the width; around the cursor without one. */
  private zoomBy(factor: number, at: number | undefined): void {
    if (this.plot === undefined) return;
    const width = this.plot.over.clientWidth;
    const cursor = this.plot.cursor.left ?? -1;
    const left = at === undefined ? (cursor < 0 ? width / 2 : cursor) : at * width;
    this.setZoom(zoomed(this.range(), fullRange(this.lines), factor, this.plot.posToVal(left, 'x')));
  }

  private resize(): void {
    const width = this.place.clientWidth;
    if (width === 0 || this.input === undefined) return;
    if (this.plot === undefined) this.show(this.input);
    else if (this.plot.width !== width) {
      this.plot.setSize({ width, height: chartHeight });
      this.refill();
    }
  }

  private onDraw(chart: uPlot): void {
    if (this.input === undefined) return;
    drawMarks(chart, this.input.marks, this.input.colors);
    this.markLayer.place(chart, this.input.marks);
  }

  private onSelect(chart: uPlot): void {
    const { left, width } = chart.select;
    if (width < 4) return;
    const zoom: Range = [chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x')];
    chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.setZoom(zoom);
  }

  private onCursor(chart: uPlot): void {
    if (this.input === undefined) return;
    const left = chart.cursor.left ?? -1;
    const x = left < 0 ? undefined : chart.posToVal(left, 'x');
    this.legend.point(this.lines, this.input, x);
  }

  private moveCursor(share: number): void {
    if (this.plot === undefined) return;
    const width = this.plot.over.clientWidth;
    const now = this.plot.cursor.left ?? -1;
    const left = Math.min(width, Math.max(0, (now < 0 ? width : now) + share * width));
    this.plot.setCursor({ left, top: 0 });
  }

  private async savePng(): Promise<void> {
    const { plot, input, lines, page } = this;
    if (plot === undefined || input === undefined) return;
    const base64 = chartPng({
      title: this.setup.title,
      drawn: plot.ctx.canvas,
      colors: input.colors,
      direction: page.language === 'fa' ? 'rtl' : 'ltr',
      legend: lines.map((line) => ({
        label: lineLabel(line, lines, page.t),
        stroke: lineStroke(line, input.colors),
        dashed: line.split === 'validation',
        thin: line.split === 'batch',
      })),
    });
    const title = page.t('chart.savePng', { name: this.setup.title });
    const name = `${this.setup.name.replace(/[\\/:*?"<>|]/g, '-')}.png`;
    try {
      const saved = await page.peer.call(panelSaveFile, { title, name, base64 });
      if (saved !== null) page.announce(page.t('chart.saved', { name: saved.path }));
    } catch (error) {
      page.banner.show(error);
    }
  }

  /** The picture in words: the newest value of each line. */
  private summary({ value }: ChartInput): string {
    const { t } = this.page;
    const parts = this.lines.map((line) => {
      const last = valueAt(line);
      const split = t(`split.${line.split}`);
      return `${line.runName}, ${split}: ${last === undefined ? '–' : value(last.y)}`;
    });
    return `${this.setup.title}. ${parts.join('; ')}. ${t('chart.keys')}`;
  }
}
