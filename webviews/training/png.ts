/** A chart as a picture that stands alone: title, the drawn canvas, its legend, on the theme's background. */
import type { ThemeColors } from '../common/colors';

export interface Picture {
  readonly title: string;
  readonly drawn: HTMLCanvasElement;
  readonly legend: readonly PictureLine[];
  readonly colors: ThemeColors;
  readonly direction: 'ltr' | 'rtl';
}

export interface PictureLine {
  readonly label: string;
  readonly stroke: string;
  readonly dashed: boolean;
  readonly thin: boolean;
}

const margin = 12;
const lineHeight = 20;
const swatch = 20;

interface Placed extends PictureLine {
  readonly x: number;
  readonly row: number;
}

/** PNG in base64, in the pixels of the screen. */
export function chartPng(picture: Picture): string {
  const { drawn, title, colors, direction } = picture;
  const scale = devicePixelRatio;
  const width = drawn.width / scale + 2 * margin;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this editor draws no canvas');
  context.font = `12px ${colors.font}`;
  const placed = place(picture.legend, width - 2 * margin, (text) => context.measureText(text).width);
  const rows = (placed.at(-1)?.row ?? -1) + 1;
  const height = 2 * margin + lineHeight + 8 + drawn.height / scale + rows * lineHeight;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.scale(scale, scale);
  context.fillStyle = colors.background;
  context.fillRect(0, 0, width, height);
  context.fillStyle = colors.foreground;
  context.textBaseline = 'middle';
  context.direction = direction;
  context.textAlign = 'start';
  context.font = `600 13px ${colors.font}`;
  context.fillText(title, direction === 'rtl' ? width - margin : margin, margin + lineHeight / 2);
  const top = margin + lineHeight + 8;
  context.drawImage(drawn, margin, top, drawn.width / scale, drawn.height / scale);
  drawLegend(context, placed, top + drawn.height / scale, colors);
  return canvas.toDataURL('image/png').slice('data:image/png;base64,'.length);
}

/** In rows that fit. */
function place(lines: readonly PictureLine[], width: number, widthOf: (text: string) => number): Placed[] {
  let x = 0;
  let row = 0;
  return lines.map((line) => {
    const needed = swatch + 8 + widthOf(line.label) + 16;
    if (x > 0 && x + needed > width) {
      x = 0;
      row++;
    }
    const at = x;
    x += needed;
    return { ...line, x: at, row };
  });
}

function drawLegend(
  context: CanvasRenderingContext2D,
  placed: readonly Placed[],
  top: number,
  colors: ThemeColors,
): void {
  context.font = `12px ${colors.font}`;
  context.direction = 'ltr';
  context.textAlign = 'left';
  for (const { x, row, label, stroke, dashed, thin } of placed) {
    const left = margin + x;
    const y = top + row * lineHeight + lineHeight / 2;
    context.beginPath();
    context.strokeStyle = stroke;
    context.lineWidth = thin ? 1 : 2;
    context.setLineDash(dashed ? [6, 3] : []);
    context.moveTo(left, y);
    context.lineTo(left + swatch, y);
    context.stroke();
    context.fillText(label, left + swatch + 8, y);
  }
}
