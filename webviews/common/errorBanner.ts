/** What went wrong, in words of the page's language, with the next thing to do. */
import { button } from './toolkit';
import { h } from './dom';
import { describeError } from './errorWords';
import { icon } from './icons';
import type { Translate } from './i18n/translate';

export interface ErrorBanner {
  readonly element: HTMLElement;
  /** `retry` is offered for errors that may pass by themselves, and always when `alwaysRetry` is set. */
  show(error: unknown, retry?: () => void, alwaysRetry?: boolean): void;
  clear(): void;
}

/** `onOpenLog` shows the extension's log; the banner says where the rest of the story is. */
export function errorBanner(t: Translate, onOpenLog: () => void): ErrorBanner {
  const element = h('div', { class: 'banner-place', attrs: { role: 'alert' } });
  return {
    element,
    show: (error, retry, alwaysRetry = false) => {
      const words = describeError(error, t);
      const offer = retry !== undefined && (words.retryable || alwaysRetry);
      element.replaceChildren(
        h(
          'div',
          { class: 'banner error', attrs: { 'data-kind': words.kind } },
          icon('error'),
          h(
            'div',
            { class: 'banner-words' },
            h('strong', {}, words.title),
            h('span', { dir: 'auto' }, words.detail),
          ),
          h(
            'div',
            { class: 'banner-actions' },
            offer && button({ label: t('error.retry'), icon: 'refresh', onClick: retry }),
            words.kind === 'internal' && button({ label: t('error.showLog'), onClick: onOpenLog }),
          ),
        ),
      );
    },
    clear: () => element.replaceChildren(),
  };
}
