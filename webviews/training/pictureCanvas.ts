/** A picture of levels on a canvas, in the theme's colours, with words at the ends of its axes. */
import type { LevelPicture } from '../../protocol/model/samplePictures';
import { colorRamp, soundStops } from '../audio/ramp';
import { fromBase64 } from '../common/base64';
import type { ThemeColors } from '../common/colors';
import { h } from '../common/dom';

export interface Shown {
  readonly picture: LevelPicture;
  /** Columns that the width has room for: pictures with the same number have the same scale of time. */
  readonly columns: number;
  /** What a reader that cannot see it is told. */
  readonly label: string;
  /** Words along its start, from top to bottom, and at both ends of its time. */
  readonly axes: { readonly levels: readonly string[]; readonly from: string; readonly to: string };
  /** A line over it, as rows by columns: how many columns each row takes, one after the other. */
  readonly path?: readonly number[] | undefined;
  /** The lowest row at the bottom, as for spectra, or at the top. */
  readonly lowest: 'bottom' | 'top';
}

export function pictureCanvas() {
  const canvas = h('canvas', { class: 'picture-canvas', attrs: { role: 'img' } });
  const [from, to] = [h('bdi'), h('bdi')];
  const levels = h('div', {
    class: 'picture-axis picture-levels muted',
    attrs: { 'aria-hidden': 'true' },
  });
  const element = h(
    'div',
    { class: 'picture', dir: 'ltr' },
    levels,
    canvas,
    h('div', { class: 'picture-axis picture-time muted', attrs: { 'aria-hidden': 'true' } }, from, to),
  );
  return {
    element,
    canvas,
    show: ({ picture, columns, label, axes, path, lowest }: Shown, colors: ThemeColors): void => {
      canvas.setAttribute('aria-label', label);
      levels.replaceChildren(...axes.levels.map((words) => h('bdi', {}, words)));
      levels.classList.toggle('dense', axes.levels.length > 2);
      [from.textContent, to.textContent] = [axes.from, axes.to];
      paint(canvas, { picture, columns, lowest }, colorRamp(soundStops(colors)));
      if (path !== undefined) drawPath(canvas, path, columns, colors);
    },
  };
}

/** One cell of the picture is one pixel; the page stretches it. */
function paint(
  canvas: HTMLCanvasElement,
  { picture, columns, lowest }: Pick<Shown, 'picture' | 'columns' | 'lowest'>,
  ramp: Uint8Array,
): void {
  const scale = picture.rows < 100 ? Math.ceil(300 / picture.rows) : 3;
  const across = Math.max(1, Math.ceil(800 / columns));
  canvas.width = columns * across;
  canvas.height = picture.rows * scale;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const levels = fromBase64(picture.levels);
  const cells = new ImageData(picture.columns, picture.rows);
  for (let row = 0; row < picture.rows; row++) {
    const y = lowest === 'bottom' ? picture.rows - 1 - row : row;
    for (let x = 0; x < picture.columns; x++) {
      const color = 3 * (levels[row * picture.columns + x] ?? 0);
      cells.data.set(
        [ramp[color] ?? 0, ramp[color + 1] ?? 0, ramp[color + 2] ?? 0, 255],
        4 * (y * picture.columns + x),
      );
    }
  }
  const small = new OffscreenCanvas(picture.columns, picture.rows);
  small.getContext('2d')?.putImageData(cells, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, picture.columns * across, canvas.height);
}

/** Steps from the first row, at the top, to the last one. */
function drawPath(
  canvas: HTMLCanvasElement,
  path: readonly number[],
  columns: number,
  colors: ThemeColors,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const [wide, high] = [canvas.width / columns, canvas.height / path.length];
  context.strokeStyle = colors.accent;
  context.lineWidth = 3;
  context.beginPath();
  let at = 0;
  path.forEach((frames, row) => {
    context.lineTo(at * wide, (row + 0.5) * high);
    at += frames;
    context.lineTo(at * wide, (row + 0.5) * high);
  });
  context.stroke();
}
