/** The card on the page: loading, shown, none, or not to be had. */
import { panelOpenLink } from '../../protocol/api/panel';
import { h, type Child } from '../common/dom';
import { isolate } from '../common/i18n/translate';
import type { Page } from '../common/page';
import { busy, button } from '../common/toolkit';
import { describeError } from '../common/errorWords';
import type { CardNode } from './markdown';

export interface CardView {
  readonly element: HTMLElement;
  loading(): void;
  /** `base`: the address that the card's relative links are relative to. */
  show(card: { readonly markdown: string; readonly truncated: boolean }, base: string): Promise<void>;
  failed(error: unknown, retry: () => void): void;
}

export function cardView(page: Page<unknown>): CardView {
  const { t } = page;
  const place = h('div', { class: 'model-card' });
  let generation = 0;
  const element = h(
    'section',
    { class: 'stack', attrs: { 'aria-labelledby': 'card-heading' } },
    h('h2', { id: 'card-heading' }, t('hub.card')),
    place,
  );
  const muted = (words: string): HTMLElement => h('p', { class: 'muted' }, words);
  return {
    element,
    loading: () => {
      generation += 1;
      place.replaceChildren(busy(t('hub.cardLoading')));
    },
    show: async ({ markdown, truncated }, base) => {
      const mine = ++generation;
      if (markdown.trim() === '') {
        place.replaceChildren(muted(t('hub.noCard')));
        return;
      }
      const { readCard } = await import('./markdown');
      if (mine !== generation) return;
      const card = readCard(markdown, base);
      place.replaceChildren(
        ...card.nodes.map((node) => toDom(page, node)),
        ...(truncated || card.truncated ? [muted(t('hub.cardCut'))] : []),
      );
    },
    failed: (error, retry) => {
      generation += 1;
      const { detail } = describeError(error, t);
      place.replaceChildren(
        muted(t('hub.cardFailed', { reason: isolate(detail) })),
        h('div', { class: 'row' }, button({ label: t('error.retry'), icon: 'refresh', onClick: retry })),
      );
    },
  };
}

/** Blocks find their own direction: a Persian paragraph stands beside an English one. */
const blocks = new Set(['p', 'h3', 'h4', 'h5', 'h6', 'li', 'blockquote', 'table', 'th', 'td']);

function toDom(page: Page<unknown>, node: CardNode): Node {
  if (typeof node === 'string') return document.createTextNode(node);
  const children: Child[] = node.children.map((child) => toDom(page, child));
  if (node.tag === 'a') return link(page, node.href ?? '', children);
  const element = h(
    node.tag,
    {
      ...(blocks.has(node.tag) ? { dir: 'auto' } : {}),
      ...(node.start === undefined ? {} : { attrs: { start: node.start } }),
      ...(node.tag === 'pre' ? { attrs: { tabindex: 0 } } : {}),
    },
    ...children,
  );
  return node.tag === 'table' ? h('div', { class: 'scroll', attrs: { tabindex: 0 } }, element) : element;
}

/** Opened by the panel, which looks at the address again; the webview itself goes nowhere. */
export function link(page: Page<unknown>, href: string, children: readonly Child[]): HTMLElement {
  return h(
    'a',
    {
      title: href,
      attrs: { href, rel: 'noreferrer' },
      on: {
        click: (event) => {
          event.preventDefault();
          // VS Code listens for clicks on links too, and would open it a second time.
          event.stopPropagation();
          page.peer.call(panelOpenLink, { url: href }).catch((error: unknown) => page.banner.show(error));
        },
      },
    },
    ...children,
  );
}
