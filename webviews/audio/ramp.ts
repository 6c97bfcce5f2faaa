/** Colours of the spectrogram: from the page's background through the theme's chart colours to its text. */
import type { ThemeColors } from '../common/colors';
import { byteRange } from './spectra';

export type Rgb = readonly [number, number, number];

/** `#rgb`, `#rrggbb`, `#rrggbbaa` or `rgb(…)`, as the browser gives computed colours. Undefined for anything else. */
export function parseColor(text: string): Rgb | undefined {
  const color = text.trim();
  const hex = /^#([0-9a-f]{3,8})$/i.exec(color)?.[1];
  if (hex !== undefined) {
    const wide = hex.length < 6 ? hex.replace(/./g, '$&$&') : hex;
    const part = (i: number): number => Number.parseInt(wide.slice(i, i + 2), 16);
    return [part(0), part(2), part(4)];
  }
  const numbers = /^rgba?\(([^)]*)\)$/i
    .exec(color)?.[1]
    ?.split(/[\s,/]+/)
    .map(Number);
  if (numbers === undefined || numbers.length < 3) return undefined;
  return [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0];
}

/** 256 colours as RGB bytes, evenly between the stops. */
export function colorRamp(stops: readonly Rgb[]): Uint8Array {
  const ramp = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const place = (i / 255) * (stops.length - 1);
    const index = Math.min(stops.length - 2, Math.floor(place));
    const [from, to] = [stops[index], stops[index + 1]];
    if (from === undefined || to === undefined) continue;
    for (let channel = 0; channel < 3; channel++) {
      const [a, b] = [from[channel] ?? 0, to[channel] ?? 0];
      ramp[i * 3 + channel] = Math.round(a + (b - a) * (place - index));
    }
  }
  return ramp;
}

/** Place in the ramp of a level, for a picture that spans `range` dB below `top`. */
export function rampIndex(decibels: number, top: number, range = 80): number {
  return Math.max(0, Math.min(255, Math.round(((decibels - top + range) / range) * 255)));
}

/** The colour of each level that a spectrogram's byte stands for, as `ImageData` lays it in a word (little-endian). */
export function levelColors(ramp: Uint8Array, top: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, level) => {
    const color = rampIndex((level / 255 - 1) * byteRange, top) * 3;
    const [red, green, blue] = [ramp[color] ?? 0, ramp[color + 1] ?? 0, ramp[color + 2] ?? 0];
    return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  });
}

/** Dark to bright on a dark theme, bright to dark on a light one: silence looks like the page. */
export function soundStops(colors: ThemeColors): Rgb[] {
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
