/** The spectrogram's canvas: what is known of the view at once, the rest as it is computed. */
import type { ThemeColors } from '../common/colors';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { fitCanvas, paintSpectrogram } from './draw';
import { colorRamp, levelColors, soundStops } from './ramp';
import type { Samples } from './samples';
import { bands, topHertz, type Scale } from './spectra';
import type { ComputeColumns } from './spectraRunner';
import { fill, gridOf, missing, moveTo, sameZoom, type SpectrogramImage } from './spectrogram';
import type { Range } from './view';

export interface SpectrogramState {
  readonly samples: Samples;
  /** Seconds of the recording. */
  readonly range: Range;
  readonly scale: Scale;
  readonly colors: ThemeColors;
  /** Level of the loudest sample so far, which becomes the brightest colour. */
  readonly peakDb: number;
}

export function spectrogramView(
  page: Page<unknown>,
  compute: ComputeColumns,
  name: string,
  onError: (error: unknown) => void,
) {
  const { t, format } = page;
  const canvas = h('canvas', { class: 'spectrogram', attrs: { role: 'img' } });
  const top = h('bdi');
  const element = h(
    'div',
    { class: 'lane', attrs: { 'data-lane': 'spectrogram' } },
    canvas,
    h('span', { class: 'hertz top' }, top),
    h('span', { class: 'hertz bottom' }, h('bdi', {}, format.hertz(0))),
  );
  const picture = document.createElement('canvas');
  let state: SpectrogramState | undefined;
  let image: SpectrogramImage | undefined;
  /** Of another zoom: shown stretched until the first columns of this one are there. */
  let before: { readonly picture: HTMLCanvasElement; readonly range: Range } | undefined;
  let working = false;
  let paintDue = false;
  let painted = 0;

  const show = (next: SpectrogramState): void => {
    fitCanvas(canvas);
    if (state?.samples !== next.samples) image = before = undefined;
    state = next;
    const grid = gridOf(next.range, Math.min(1600, canvas.width), next.scale);
    if (
      image === undefined ||
      !sameZoom(grid, image) ||
      grid.first !== image.first ||
      grid.columns !== image.columns
    ) {
      if (image !== undefined && image.scale === grid.scale && !sameZoom(grid, image)) before = copy(image);
      image = moveTo(grid, image);
    }
    top.textContent = format.hertz(topHertz(next.samples.sampleRate));
    canvas.setAttribute('aria-label', t(`audio.spectrogram.${next.scale}`, { name }));
    put();
    if (!working) void work();
  };
  return {
    element,
    show,
    stop: (): void => {
      state = image = before = undefined;
    },
  };

  /** One batch after the other, always of what is in view by then. */
  async function work(): Promise<void> {
    working = true;
    try {
      for (;;) {
        const [now, target] = [state, image];
        const next = target === undefined ? undefined : missing(target);
        if (now === undefined || target === undefined || next === undefined) break;
        await fill(now.samples, target, next, compute);
        // The view moved on meanwhile: what was computed still belongs to columns that both have.
        if (image !== undefined && image !== target && sameZoom(image, target)) image = merge(image, target);
        paintSoon();
      }
    } catch (error) {
      if (state !== undefined) onError(error);
    } finally {
      working = false;
    }
  }

  function merge(current: SpectrogramImage, done: SpectrogramImage): SpectrogramImage {
    const moved = moveTo(current, done);
    for (let column = 0; column < current.columns; column++) {
      if (current.there[column] === 0) continue;
      moved.levels.set(current.levels.subarray(column * bands, (column + 1) * bands), column * bands);
      moved.there[column] = 1;
    }
    return moved;
  }

  function paintSoon(): void {
    const wait = painted + 40 - performance.now();
    if (wait <= 0 || image === undefined || missing(image) === undefined) {
      put();
      return;
    }
    if (paintDue) return;
    paintDue = true;
    setTimeout(() => {
      paintDue = false;
      put();
    }, wait);
  }

  function put(): void {
    const context = picture.getContext('2d');
    const target = canvas.getContext('2d');
    if (context === null || target === null || state === undefined || image === undefined) return;
    const { range, colors, peakDb } = state;
    painted = performance.now();
    target.clearRect(0, 0, canvas.width, canvas.height);
    const whole = missing(image) === undefined;
    if (whole) before = undefined;
    if (before !== undefined) place(target, before.picture, before.range, range);
    picture.width = image.columns;
    picture.height = bands;
    const pixels = context.createImageData(image.columns, bands);
    paintSpectrogram(pixels, image, levelColors(colorRamp(soundStops(colors)), brightest(peakDb)));
    context.putImageData(pixels, 0, 0);
    place(target, picture, rangeOf(image), range);
    canvas.dataset['done'] = String(whole);
  }

  function place(target: CanvasRenderingContext2D, from: HTMLCanvasElement, its: Range, shown: Range): void {
    const scale = canvas.width / (shown.to - shown.from);
    target.drawImage(from, (its.from - shown.from) * scale, 0, (its.to - its.from) * scale, canvas.height);
  }

  function copy(old: SpectrogramImage): { picture: HTMLCanvasElement; range: Range } {
    const kept = document.createElement('canvas');
    kept.width = picture.width;
    kept.height = picture.height;
    kept.getContext('2d')?.drawImage(picture, 0, 0);
    return { picture: kept, range: rangeOf(old) };
  }
}

function rangeOf({ first, step, columns }: SpectrogramImage): Range {
  return { from: first * step, to: (first + columns) * step };
}

/** A voice's harmonics lie well under its peak. */
function brightest(peakDb: number): number {
  return Math.min(0, Number.isFinite(peakDb) ? peakDb : 0) - 6;
}
