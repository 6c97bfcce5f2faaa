/** Outputs drawn on a canvas: heat map, lines, picture. */
import type { PlainOutput } from '../../../ml/bare/outputs';
import { colorRamp, parseColor, type Rgb } from '../../audio/ramp';
import { currentColors } from '../../common/colors';
import { pictureOf, type Matrix } from './exportText';

export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

/** More columns than that are no longer seen: the highest of several is drawn. */
const mostColumns = 2048;
const mostLines = 6;

export function rangeOf(data: ArrayLike<number>): ValueRange | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? NaN;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : undefined;
}

/** Rows from left to right (time), columns from bottom to top. */
export function drawHeatMap(
  canvas: HTMLCanvasElement,
  { rows, columns, data }: Matrix,
): ValueRange | undefined {
  const range = rangeOf(data);
  const width = Math.min(rows, mostColumns);
  const height = Math.min(columns, mostColumns);
  const context = canvas.getContext('2d');
  if (range === undefined || width < 1 || height < 1 || context === null) return undefined;
  [canvas.width, canvas.height] = [width, height];
  const image = context.createImageData(width, height);
  const ramp = themeRamp();
  const scale = range.high > range.low ? 255 / (range.high - range.low) : 0;
  for (let x = 0; x < width; x++) {
    const [from, to] = [Math.floor((x * rows) / width), Math.floor(((x + 1) * rows) / width)];
    for (let y = 0; y < height; y++) {
      let value = -Infinity;
      const [low, high] = [Math.floor((y * columns) / height), Math.floor(((y + 1) * columns) / height)];
      for (let r = from; r < to; r++)
        for (let c = low; c < high; c++) value = Math.max(value, data[r * columns + c] ?? -Infinity);
      const place = Number.isFinite(value) ? Math.round((value - range.low) * scale) : 0;
      const at = ((height - 1 - y) * width + x) * 4;
      image.data.set(ramp.subarray(place * 3, place * 3 + 3), at);
      image.data[at + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return range;
}

/** Each row a line, at most six. */
export function drawLines(
  canvas: HTMLCanvasElement,
  { rows, columns, data }: Matrix,
): ValueRange | undefined {
  const [lines, points] =
    rows > mostLines && columns <= mostLines ? [columns, rows] : [Math.min(rows, mostLines), columns];
  const down = lines === columns && points === rows;
  const at = (line: number, i: number): number => data[down ? i * columns + line : line * columns + i] ?? NaN;
  const range = rangeOf(data);
  const context = canvas.getContext('2d');
  if (range === undefined || context === null || points < 2) return undefined;
  [canvas.width, canvas.height] = [1200, 440];
  const { series, grid } = currentColors();
  const y = (value: number): number => {
    const share = range.high > range.low ? (value - range.low) / (range.high - range.low) : 0.5;
    return canvas.height - 10 - share * (canvas.height - 20);
  };
  context.strokeStyle = grid;
  context.strokeRect(0, y(0), canvas.width, 0);
  context.lineWidth = 2;
  for (let line = 0; line < lines; line++) {
    context.strokeStyle = series[line % series.length] ?? grid;
    context.setLineDash(line === 0 ? [] : [4 + 3 * line, 3]);
    context.beginPath();
    for (let i = 0; i < points; i++) context.lineTo((i / (points - 1)) * canvas.width, y(at(line, i)));
    context.stroke();
  }
  return range;
}

/** Values of -1..1, 0..1 or 0..255, told by their range. */
export function drawPicture(canvas: HTMLCanvasElement, output: PlainOutput): ValueRange | undefined {
  const { width, height, channels, data } = pictureOf(output);
  const values = Float64Array.from(data as readonly (number | null)[], (value) => value ?? NaN);
  const range = rangeOf(values);
  const context = canvas.getContext('2d');
  if (range === undefined || context === null || width < 1 || height < 1 || width > 4096 || height > 4096)
    return undefined;
  const [offset, scale] = range.high > 1.5 ? [0, 1] : range.low < 0 ? [1, 127.5] : [0, 255];
  [canvas.width, canvas.height] = [width, height];
  const image = context.createImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 4; c++) {
      const from = channels === 1 ? 0 : c;
      const value = c === 3 && channels !== 4 ? 255 : ((values[i * channels + from] ?? 0) + offset) * scale;
      image.data[i * 4 + c] = value;
    }
  }
  context.putImageData(image, 0, 0);
  return range;
}

function themeRamp(): Uint8Array {
  const { background, series, foreground } = currentColors();
  const colors = [background, series[0], series[1], foreground].map((color) => parseColor(color ?? ''));
  return colorRamp(colors.filter((color): color is Rgb => color !== undefined));
}
