/** One metric's chart: canvas, legend with the values under the cursor, zoom by dragging, arrows for the keyboard. */
import uPlot from 'uplot';
import { h } from '../common/dom';
import { fullRange, plotData, prepare, valueAt, type PreparedLine } from './chartData';
import { chartHeight, chartOptions, drawMarks, type ChartLook, type Mark } from './chartOptions';
import { chartLegend, type Legend } from './chartLegend';
import type { Line } from './lines';
import type { Translate } from '../common/i18n/translate';

export interface ChartInput extends ChartLook {
  readonly lines: readonly Line[];
  readonly marks: readonly Mark[];
  readonly smoothing: number;
}

export class Chart {
  readonly element: HTMLElement;
  private readonly place = h('div', {
    class: 'plot ltr',
    attrs: { tabindex: 0, role: 'img' },
  });
  private readonly legend: Legend;
  private plot: uPlot | undefined;
  private input: ChartInput | undefined;
  private lines: PreparedLine[] = [];
  /** What was zoomed to; undefined shows everything, growing. */
  private zoom: [number, number] | undefined;
  private shape = '';
  private readonly resizes: ResizeObserver;

  constructor(
    readonly name: string,
    private readonly title: string,
    private readonly t: Translate,
  ) {
    this.legend = chartLegend(t);
    const heading = h('h2', {}, h('bdi', {}, title));
    this.element = h(
      'figure',
      { class: 'chart card', attrs: { 'data-metric': name } },
      h('figcaption', {}, heading, this.legend.position),
      this.place,
      this.legend.element,
    );
    this.place.addEventListener('keydown', (event) => this.onKey(event));
    this.place.addEventListener('dblclick', () => this.setZoom(undefined));
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
      draw: [(chart) => drawMarks(chart, this.input?.marks ?? [], input.colors)],
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

  private range(): [number, number] {
    return this.zoom ?? fullRange(this.lines);
  }

  private applyRange(): void {
    const [min, max] = this.range();
    // Setting the x scale lets uPlot fit y to what is in view, and draws.
    this.plot?.setScale('x', { min, max });
  }

  private setZoom(zoom: [number, number] | undefined): void {
    this.zoom = zoom;
    if (this.input !== undefined) this.refill();
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

  private onSelect(chart: uPlot): void {
    const { left, width } = chart.select;
    if (width < 4) return;
    const zoom: [number, number] = [chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x')];
    chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.setZoom(zoom);
  }

  private onCursor(chart: uPlot): void {
    if (this.input === undefined) return;
    const left = chart.cursor.left ?? -1;
    const x = left < 0 ? undefined : chart.posToVal(left, 'x');
    this.legend.point(this.lines, this.input, x);
  }

  private onKey(event: KeyboardEvent): void {
    if (this.plot === undefined) return;
    const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };
    const step = steps[event.key];
    if (event.key === 'Escape') this.setZoom(undefined);
    else if (step !== undefined) {
      const width = this.plot.over.clientWidth;
      const now = this.plot.cursor.left ?? -1;
      const left = Math.min(width, Math.max(0, (now < 0 ? width : now) + (step * width) / 100));
      this.plot.setCursor({ left, top: 0 });
    } else return;
    event.preventDefault();
  }

  /** The picture in words: the newest value of each line. */
  private summary({ format }: ChartInput): string {
    const parts = this.lines.map((line) => {
      const last = valueAt(line);
      const split = this.t(`split.${line.split}`);
      return `${line.runName}, ${split}: ${last === undefined ? '–' : format.number(last.y)}`;
    });
    return `${this.title}. ${parts.join('; ')}. ${this.t('chart.keys')}`;
  }
}
