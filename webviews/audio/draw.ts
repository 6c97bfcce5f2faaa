/** Puts peaks, time marks and spectra on a canvas. Canvases keep a transparent ground: the theme's shows through. */
import type { ThemeColors } from '../common/colors';
import type { Extremes } from './peaks';
import { bands } from './spectra';
import type { SpectrogramImage } from './spectrogram';
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
  eachLane(canvas, channels, colors, (context, { low, high }, middle, scale) => {
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

/**
 * So close that samples are seen: a line through them, and a dot on each where they lie far enough apart. `first` is
 * the place of the first sample in pixels, `step` the distance of two.
 */
export function drawSamples(
  canvas: HTMLCanvasElement,
  channels: readonly Float32Array[],
  { first, step }: { readonly first: number; readonly step: number },
  colors: ThemeColors,
): void {
  eachLane(canvas, channels, colors, (context, samples, middle, scale) => {
    const y = (i: number): number => middle - Math.max(-1, Math.min(1, samples[i] ?? 0)) * scale;
    context.strokeStyle = context.fillStyle = colors.accent;
    context.lineWidth = devicePixelRatio;
    context.beginPath();
    for (let i = 0; i < samples.length; i++) context.lineTo(first + i * step, y(i));
    context.stroke();
    if (step < 6 * devicePixelRatio) return;
    const size = 4 * devicePixelRatio;
    for (let i = 0; i < samples.length; i++)
      context.fillRect(first + i * step - size / 2, y(i) - size / 2, size, size);
  });
}

/** Clears the canvas and gives each channel its lane, with a line where silence is. */
function eachLane<T>(
  canvas: HTMLCanvasElement,
  channels: readonly T[],
  colors: ThemeColors,
  draw: (context: CanvasRenderingContext2D, channel: T, middle: number, scale: number) => void,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  const lane = height / Math.max(1, channels.length);
  channels.forEach((channel, index) => {
    const middle = lane * (index + 0.5);
    context.fillStyle = colors.grid;
    context.fillRect(0, Math.round(middle), width, 1);
    draw(context, channel, middle, lane / 2 - devicePixelRatio);
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

/** `pixels` is as wide as the image has columns and one pixel high for each band; missing columns stay clear. */
export function paintSpectrogram(pixels: ImageData, image: SpectrogramImage, colors: Uint32Array): void {
  const words = new Uint32Array(pixels.data.buffer);
  const { columns, levels, there } = image;
  for (let column = 0; column < columns; column++) {
    if (there[column] === 0) continue;
    for (let band = 0; band < bands; band++)
      words[(bands - 1 - band) * columns + column] = colors[levels[column * bands + band] ?? 0] ?? 0;
  }
}
