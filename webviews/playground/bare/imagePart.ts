/** An image for a bare model: chosen or dropped, cut and scaled as the form says, shown as the model is given it. */
import type { TensorSpec } from '../../../ml/bare/bareModel';
import {
  colourOrders,
  cropOf,
  imageLayout,
  imageRanges,
  imageTensor,
  type ColourOrder,
  type ImageRange,
} from '../../../ml/bare/imagePixels';
import { MlError } from '../../../ml/errors';
import { panelPickFile } from '../../../protocol/api/panel';
import { h } from '../../common/dom';
import { fetchBytes } from '../../common/fetchBytes';
import type { Page } from '../../common/page';
import { button } from '../../common/toolkit';
import { acceptDrops, numberField, select } from './fields';
import type { InputPart } from './part';
import type { SavedInput } from './saved';

const extensions = ['png', 'jpg', 'jpeg', 'webp', 'gif', 'bmp', 'avif'];
/** Where the model takes any size. */
const usualSize = '224';
const largestSize = 4096;

export function imagePart(
  page: Page<unknown>,
  spec: TensorSpec,
  saved: SavedInput,
  keep: (part: Partial<SavedInput>) => void,
): InputPart {
  const { t } = page;
  const layout = imageLayout(spec);
  let fit: 'crop' | 'stretch' = saved.fit ?? 'crop';
  let order: ColourOrder = saved.order ?? 'rgb';
  let range: ImageRange = saved.range ?? (spec.dtype === 'int32' ? '0..255' : '-1..1');
  let picture:
    { readonly bitmap: ImageBitmap; readonly name: string; readonly path: string | undefined } | undefined;
  const name = h('strong', { dir: 'auto' });
  const canvas = h('canvas', {
    class: 'image-preview',
    attrs: { role: 'img', 'aria-label': t('bare.preview') },
  });
  const preview = h(
    'figure',
    { hidden: true },
    canvas,
    h('figcaption', { class: 'muted' }, name, ' · ', t('bare.preview')),
  );

  const size = (side: 'width' | 'height') => {
    const field = numberField(page, {
      id: `${side}-${spec.name}`,
      label: t(`bare.${side}`),
      value: saved[side] ?? usualSize,
      onInput: (value) => {
        keep({ [side]: value.slice(0, 20) });
        draw();
      },
    });
    field.element.hidden = layout?.[side] !== null;
    const read = (): number => {
      const pixels = layout?.[side] ?? field.read() ?? Number(usualSize);
      if (Number.isInteger(pixels) && pixels >= 1 && pixels <= largestSize) return pixels;
      throw new MlError('input.invalid', t('bare.notWhole', { name: t(`bare.${side}`) }));
    };
    return { element: field.element, read };
  };
  const [width, height] = [size('width'), size('height')];

  const draw = (): void => {
    if (picture === undefined) return;
    try {
      [canvas.width, canvas.height] = [width.read(), height.read()];
    } catch {
      return; // Half typed: told when it is run.
    }
    const from = cropOf(picture.bitmap, canvas, fit);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) return;
    context.imageSmoothingQuality = 'high';
    context.drawImage(
      picture.bitmap,
      from.x,
      from.y,
      from.width,
      from.height,
      0,
      0,
      canvas.width,
      canvas.height,
    );
  };
  const take = async (file: {
    name: string;
    path?: string;
    bytes: () => Promise<ArrayBuffer>;
  }): Promise<void> => {
    try {
      const bytes = await file.bytes();
      const bitmap = await createImageBitmap(new Blob([bytes])).catch((cause: unknown) => {
        throw new MlError('input.invalid', t('bare.badImage', { name: file.name }), { cause });
      });
      picture?.bitmap.close();
      picture = { bitmap, name: file.name, path: file.path };
      name.textContent = file.name;
      preview.hidden = false;
      page.banner.clear();
      draw();
    } catch (error) {
      page.banner.show(error);
    }
  };
  const pick = async (): Promise<void> => {
    try {
      const file = await page.peer.call(panelPickFile, { title: t('bare.chooseImage'), extensions });
      if (file === null) return;
      const short = file.path.split(/[\\/]/).at(-1) ?? file.path;
      await take({ name: short, path: file.path, bytes: () => fetchBytes(file.uri) });
    } catch (error) {
      page.banner.show(error);
    }
  };
  const drop = h(
    'div',
    { class: 'drop' },
    button({
      id: `image-${spec.name}`,
      label: t('bare.chooseImage'),
      icon: 'folderOpened',
      onClick: () => void pick(),
    }),
    h('span', { class: 'muted' }, t('input.drop')),
  );
  acceptDrops(drop, (file) => void take({ name: file.name, bytes: () => file.arrayBuffer() }));
  const choices = h(
    'div',
    { class: 'fields' },
    width.element,
    height.element,
    select({
      id: `fit-${spec.name}`,
      label: t('bare.fit'),
      choices: (['crop', 'stretch'] as const).map((one) => [one, t(`bare.fit.${one}`)] as const),
      value: fit,
      onChange: (chosen) => {
        keep({ fit: (fit = chosen) });
        draw();
      },
    }),
    layout?.channels === 1
      ? null
      : select({
          id: `order-${spec.name}`,
          label: t('bare.order'),
          choices: colourOrders.map((one) => [one, t(`bare.order.${one}`)] as const),
          value: order,
          onChange: (chosen) => keep({ order: (order = chosen) }),
        }),
    spec.dtype === 'int32'
      ? null
      : select({
          id: `range-${spec.name}`,
          label: t('bare.range'),
          choices: imageRanges.map((one) => [one, t(`bare.range.${one}`)] as const),
          value: range,
          onChange: (chosen) => keep({ range: (range = chosen) }),
        }),
  );
  return {
    element: h('div', { class: 'stack' }, drop, preview, choices),
    image: () => picture?.path ?? picture?.name,
    read: () => {
      if (picture === undefined) throw new MlError('input.invalid', t('bare.noImage'));
      const [wide, high] = [width.read(), height.read()];
      if (canvas.width !== wide || canvas.height !== high) draw();
      const rgba = canvas.getContext('2d')?.getImageData(0, 0, wide, high).data ?? [];
      const tensor = imageTensor(spec, { rgba, width: wide, height: high }, { range, order });
      return { kind: 'tensor', tensor, words: picture.name };
    },
  };
}
