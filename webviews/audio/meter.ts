/** The level meter: RMS as a bar, peak as a line, -60 to 0 dBFS. */
import { h } from '../common/dom';
import type { Page } from '../common/page';

const floorDb = -60;

export function levelMeter(page: Page<unknown>) {
  const bar = h('div', { class: 'level-rms' });
  const line = h('div', { class: 'level-peak' });
  const element = h(
    'div',
    {
      class: 'level ltr',
      attrs: {
        role: 'meter',
        'aria-label': page.t('audio.level'),
        'aria-valuemin': floorDb,
        'aria-valuemax': 0,
        'aria-valuenow': floorDb,
      },
    },
    bar,
    line,
  );
  return {
    element,
    show: ({ peak, rms }: { peak: number; rms: number }): void => {
      bar.style.width = `${share(rms) * 100}%`;
      line.style.left = `${share(peak) * 100}%`;
      line.hidden = peak === 0;
      element.classList.toggle('over', peak >= 0.999);
      element.setAttribute('aria-valuenow', String(Math.round(decibels(rms))));
    },
  };
}

function decibels(value: number): number {
  return Math.max(floorDb, Math.min(0, 20 * Math.log10(value)));
}

/** Place on the meter, 0..1. */
export function share(value: number): number {
  return 1 - decibels(value) / floorDb;
}
