/** "View code": the program that does the same elsewhere, ready to copy. */
import { panelCopy } from '../../protocol/api/panel';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { button } from '../common/toolkit';
import { platforms, type Platform } from './platform';

/** `write` makes the program for the input as it stands; it is called each time the code is opened. */
export function codeView(page: Page<unknown>, write: (platform: Platform) => Promise<string>) {
  const { t } = page;
  const code = h('code', { id: 'snippet' });
  const select = h(
    'select',
    { id: 'platform' },
    ...platforms.map((name) => h('option', { attrs: { value: name } }, t(`code.${name}`))),
  );
  const platform = (): Platform => platforms.find((name) => name === select.value) ?? 'node';
  let asked = 0;
  const refresh = (): void => {
    if (!element.open) return;
    const mine = ++asked;
    write(platform()).then(
      (text) => {
        if (mine === asked) code.textContent = text;
      },
      (error: unknown) => page.banner.show(error),
    );
  };
  const copy = (): void => {
    write(platform())
      .then((text) => page.peer.call(panelCopy, { text }))
      .then(
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
