/** "View code": the program that does the same elsewhere, ready to copy. */
import { panelCopy } from '../../protocol/api/panel';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { button } from '../common/toolkit';
import { platforms, type Platform } from './snippet';

/** `write` makes the program for the input as it stands; it is called each time the code is opened. */
export function codeView(page: Page<unknown>, write: (platform: Platform) => string) {
  const { t } = page;
  const code = h('code', { id: 'snippet' });
  const select = h(
    'select',
    { id: 'platform' },
    ...platforms.map((name) => h('option', { attrs: { value: name } }, t(`code.${name}`))),
  );
  const platform = (): Platform => platforms.find((name) => name === select.value) ?? 'node';
  const refresh = (): void => {
    if (!element.open) return;
    try {
      code.textContent = write(platform());
    } catch (error) {
      page.banner.show(error);
    }
  };
  const copy = (): void => {
    page.peer.call(panelCopy, { text: code.textContent }).then(
      () => page.announce(t('code.copied')),
      (error: unknown) => page.banner.show(error),
    );
  };
  const element = h(
    'details',
    { class: 'card code-view' },
    h('summary', { id: 'view-code' }, t('code.view')),
    h(
      'div',
      { class: 'row' },
      h('label', { class: 'inline' }, t('code.platform'), select),
      button({ id: 'copy-code', label: t('code.copy'), icon: 'copy', onClick: copy }),
    ),
    h('pre', { attrs: { tabindex: 0, 'aria-label': t('code.view') } }, code),
  );
  select.addEventListener('change', refresh);
  element.addEventListener('toggle', refresh);
  return { element, refresh };
}
