/** Where a published model runs, why there, and the choice of the other place. */
import { h } from '../../common/dom';
import type { Page } from '../../common/page';
import { choice } from '../fields';
import { pageRoom } from './fits';
import type { PublishedFiles } from './folder';
import type { Place } from './work';

export type PlaceChoice = Place | 'auto';

function room(): number {
  return pageRoom((navigator as Navigator & { readonly deviceMemory?: number }).deviceMemory);
}

export function placeOf(
  asked: PlaceChoice,
  { size, inPage }: Pick<PublishedFiles, 'size' | 'inPage'>,
): Place {
  if (!inPage) return 'backend';
  if (asked !== 'auto') return asked;
  return size <= room() ? 'page' : 'backend';
}

export function placeView(
  { t, format }: Page<unknown>,
  files: PublishedFiles,
  asked: PlaceChoice,
  onChange: (place: PlaceChoice) => void,
): HTMLElement {
  const reason = h('span', { class: 'muted' });
  const tell = (now: PlaceChoice): void => {
    const size = format.bytes(files.size);
    const fits = placeOf('auto', files) === 'page';
    reason.textContent =
      now !== 'auto'
        ? ''
        : fits
          ? `${t('place.page')}: ${t('place.autoPage', { size })}`
          : `${t('place.backend')}: ${t('place.autoBackend', { size, most: format.bytes(room()) })}`;
  };
  const select = choice({
    id: 'place',
    label: t('place.choose'),
    choices: (['auto', 'page', 'backend'] as const).map((value) => ({ value, label: t(`place.${value}`) })),
    value: asked,
    onChange: (now) => {
      tell(now);
      onChange(now);
    },
  });
  tell(asked);
  // Where there is one place only, nothing is to be chosen.
  return h('div', { class: 'row', hidden: !files.inPage }, select.element, reason);
}
