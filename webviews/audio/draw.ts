/** Puts peaks, time marks and spectra on a canvas. Canvases keep a transparent ground: the theme's shows through. */
import type { ThemeColors } from '../common/colors';
import type { Extremes } from './peaks';
import { bands, type SpectrogramColumns } from './spectrogram';
import { rampIndex } from './ramp';
import type { Range } from './view';

/** Fits the canvas's pixels to its place; true when they changed, and with them what was drawn is gone. */
export function fitCanvas(canvas: HTMLCanvasElement): boolean {
  const width = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
  const height = Math.max(1, Math.round(canvas.clientHeight * devicePixelRatio));
  if (canvas.width === width && canvas.height === height) return false;
  canvas.width = width;
  canvas.height = height;
  return true;
}

/** One lane for each channel, one column for each pixel. */
export function drawWave(
  canvas: HTMLCanvasElement,
  channels: readonly Extremes[],
  colors: ThemeColors,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  const lane = height / Math.max(1, channels.length);
  channels.forEach(({ low, high }, index) => {
    const middle = lane * (index + 0.5);
    const scale = lane / 2 - devicePixelRatio;
    context.fillStyle = colors.grid;
    context.fillRect(0, Math.round(middle), width, 1);
    context.fillStyle = colors.accent;
    for (let x = 0; x < low.length; x++) {
      const [a, b] = [low[x] ?? NaN, high[x] ?? NaN];
      if (Number.isNaN(a)) continue;
      const top = middle - Math.min(1, b) * scale;
      const bottom = middle - Math.max(-1, a) * scale;
      context.fillRect(x, top, 1, Math.max(devicePixelRatio, bottom - top));
    }
  });
}

export function drawRuler(
  canvas: HTMLCanvasElement,
  shown: Range,
  marks: readonly number[],
  colors: ThemeColors,
  label: (seconds: number) => string,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  context.fillStyle = colors.muted;
  context.font = `${11 * devicePixelRatio}px ${colors.font}`;
  context.textBaseline = 'top';
  for (const time of marks) {
    const x = Math.round(((time - shown.from) / (shown.to - shown.from)) * width);
    context.fillRect(x, height - 5 * devicePixelRatio, devicePixelRatio, 5 * devicePixelRatio);
    const text = label(time);
    const half = context.measureText(text).width / 2;
    context.fillText(text, Math.max(0, Math.min(width - 2 * half, x - half)), 0);
  }
}

/** Paints columns; `pixels` is `columns` wide and one pixel high for each band. */
export function paintSpectrogram(
  pixels: ImageData,
  { at, count, decibels }: SpectrogramColumns,
  ramp: Uint8Array,
  top: number,
): void {
  for (let column = 0; column < count; column++) {
    for (let band = 0; band < bands; band++) {
      const color = rampIndex(decibels[column * bands + band] ?? -Infinity, top) * 3;
      const target = ((bands - 1 - band) * pixels.width + at + column) * 4;
      pixels.data[target] = ramp[color] ?? 0;
      pixels.data[target + 1] = ramp[color + 1] ?? 0;
      pixels.data[target + 2] = ramp[color + 2] ?? 0;
      pixels.data[target + 3] = 255;
    }
  }
}
