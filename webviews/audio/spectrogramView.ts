/** The spectrogram's canvas: computed for what is in view, painted as it comes. */
import type { ThemeColors } from '../common/colors';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { paintSpectrogram, fitCanvas } from './draw';
import { colorRamp, parseColor, type Rgb } from './ramp';
import type { Samples } from './samples';
import { bands, computeSpectrogram, topHertz } from './spectrogram';
import type { Range } from './view';

const waitMs = 80;

export function spectrogramView(page: Page<unknown>, onError: (error: unknown) => void) {
  const { t, format } = page;
  const canvas = h('canvas', {
    class: 'spectrogram',
    attrs: { role: 'img', 'aria-label': t('audio.spectrogram') },
  });
  const top = h('bdi');
  const element = h(
    'div',
    { class: 'lane', attrs: { 'data-lane': 'spectrogram' } },
    canvas,
    h('span', { class: 'hertz top' }, top),
    h('span', { class: 'hertz bottom' }, h('bdi', {}, format.hertz(0))),
  );
  const picture = document.createElement('canvas');
  let work = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shownKey = '';

  /** `peakDb`: level of the loudest sample, which becomes the brightest colour. */
  const show = (samples: Samples, range: Range, colors: ThemeColors, peakDb: number): void => {
    fitCanvas(canvas);
    const key = JSON.stringify([
      range,
      canvas.width,
      canvas.height,
      colors.series,
      colors.background,
      peakDb,
    ]);
    if (key === shownKey) return;
    shownKey = key;
    top.textContent = format.hertz(topHertz(samples.sampleRate));
    work.abort();
    clearTimeout(timer);
    timer = setTimeout(() => {
      work = new AbortController();
      const { signal } = work;
      draw(samples, range, colors, peakDb, signal).catch((error: unknown) => {
        if (!signal.aborted) onError(error);
      });
    }, waitMs);
  };
  return {
    element,
    show,
    stop: (): void => {
      work.abort();
      clearTimeout(timer);
      shownKey = '';
    },
  };

  async function draw(
    samples: Samples,
    range: Range,
    colors: ThemeColors,
    peakDb: number,
    signal: AbortSignal,
  ): Promise<void> {
    const columns = Math.min(1600, canvas.width);
    const context = picture.getContext('2d');
    const target = canvas.getContext('2d');
    if (context === null || target === null) return;
    picture.width = columns;
    picture.height = bands;
    const pixels = context.createImageData(columns, bands);
    const ramp = colorRamp(stopsOf(colors));
    // A voice's harmonics lie well under its peak.
    const brightest = Math.min(0, Number.isFinite(peakDb) ? peakDb : 0) - 6;
    let painted = performance.now();
    const put = (): void => {
      context.putImageData(pixels, 0, 0);
      target.clearRect(0, 0, canvas.width, canvas.height);
      target.drawImage(picture, 0, 0, canvas.width, canvas.height);
      painted = performance.now();
    };
    await computeSpectrogram(
      samples,
      range,
      columns,
      (piece) => {
        paintSpectrogram(pixels, piece, ramp, brightest);
        if (performance.now() - painted > 50) put();
      },
      signal,
    );
    put();
  }
}

/** Dark to bright on a dark theme, bright to dark on a light one: silence looks like the page. */
function stopsOf(colors: ThemeColors): Rgb[] {
  const [background, low, middle, loud] = [
    colors.background,
    colors.series[3],
    colors.series[1],
    colors.foreground,
  ].map((color) => parseColor(color ?? '') ?? ([128, 128, 128] as const));
  if (background === undefined || low === undefined || middle === undefined || loud === undefined) return [];
  const faint = background.map((part, i) => part * 0.65 + (low[i] ?? 0) * 0.35) as unknown as Rgb;
  return [background, faint, low, middle, loud];
}
