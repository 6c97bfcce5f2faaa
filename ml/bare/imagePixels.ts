/** A picture's pixels as the input of a bare model. */
import { MlError } from '../errors';
import { shapeWords, type TensorSpec } from './bareModel';
import type { TensorInput } from './inputs';

export const imageRanges = ['-1..1', '0..1', '0..255', 'imagenet'] as const;
export type ImageRange = (typeof imageRanges)[number];
export const colourOrders = ['rgb', 'bgr'] as const;
export type ColourOrder = (typeof colourOrders)[number];

export interface ImageLayout {
  /** Pixels; null where any size goes. */
  readonly height: number | null;
  readonly width: number | null;
  readonly channels: 1 | 3 | 4;
  /** `[?, 3, 224, 224]` instead of `[?, 224, 224, 3]`. */
  readonly channelsFirst: boolean;
  readonly batched: boolean;
}

/** Undefined for an input that takes no picture. */
export function imageLayout({ shape, dtype }: TensorSpec): ImageLayout | undefined {
  if (shape === undefined || dtype === 'bool' || dtype === 'string') return undefined;
  const batched = shape.length === 4 && (shape[0] === null || shape[0] === 1);
  const axes = batched ? shape.slice(1) : shape;
  if (axes.length !== 3) return undefined;
  const [first = null, second = null, third = null] = axes;
  // `[?, 16000, 1]` is a batch of sounds.
  if (!batched && first === null && second !== null) return undefined;
  if (isColours(third))
    return { height: first, width: second, channels: third, channelsFirst: false, batched };
  if (isColours(first))
    return { height: second, width: third, channels: first, channelsFirst: true, batched };
  return undefined;
}

const isColours = (length: number | null): length is 1 | 3 | 4 =>
  length === 1 || length === 3 || length === 4;

/** The mean and deviation of ImageNet's pictures (0..1), as torchvision's models are fed. */
const mean = [0.485, 0.456, 0.406];
const deviation = [0.229, 0.224, 0.225];

/** `rgba`: rows of pixels, four bytes each. Grey is their luminance (ITU-R BT.601). Throws `input.invalid`. */
export function imageTensor(
  spec: TensorSpec,
  picture: { readonly rgba: ArrayLike<number>; readonly width: number; readonly height: number },
  { range, order }: { readonly range: ImageRange; readonly order: ColourOrder },
): TensorInput {
  const layout = imageLayout(spec);
  if (layout === undefined) {
    throw new MlError(
      'input.invalid',
      `The input "${spec.name}" takes ${shapeWords(spec.shape)}, no picture.`,
    );
  }
  const { channels, channelsFirst, batched } = layout;
  const { rgba, width, height } = picture;
  const pixels = width * height;
  const data = new Float32Array(pixels * channels);
  for (let i = 0; i < pixels; i++) {
    const [r = 0, g = 0, b = 0, a = 255] = [rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2], rgba[4 * i + 3]];
    const colours =
      channels === 1 ? [0.299 * r + 0.587 * g + 0.114 * b] : order === 'rgb' ? [r, g, b, a] : [b, g, r, a];
    for (let c = 0; c < channels; c++) {
      const place = channels === 3 && order === 'bgr' ? 2 - c : c;
      data[channelsFirst ? c * pixels + i : i * channels + c] = scaled(colours[c] ?? 0, place, range);
    }
  }
  const axes = channelsFirst ? [channels, height, width] : [height, width, channels];
  return { shape: batched ? [1, ...axes] : axes, data: spec.dtype === 'int32' ? data.map(Math.round) : data };
}

function scaled(value: number, channel: number, range: ImageRange): number {
  if (range === '0..255') return value;
  if (range === '-1..1') return value / 127.5 - 1;
  if (range === '0..1') return value / 255;
  return (value / 255 - (mean[channel] ?? 0)) / (deviation[channel] ?? 1);
}

/** The part of a picture that fills `width` × `height` when it is made smaller or larger: its middle, or all of it. */
export function cropOf(
  picture: { readonly width: number; readonly height: number },
  target: { readonly width: number; readonly height: number },
  fit: 'crop' | 'stretch',
): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
  if (fit === 'stretch') return { x: 0, y: 0, width: picture.width, height: picture.height };
  const scale = Math.min(picture.width / target.width, picture.height / target.height);
  const [width, height] = [target.width * scale, target.height * scale];
  return { x: (picture.width - width) / 2, y: (picture.height - height) / 2, width, height };
}
