/** How every page starts: language, direction, input, and the two things that can change later. */
import { panelCommand, panelInput, panelReady, panelRefresh } from '../../protocol/api/panel';
import type { PostMessagePeer } from '../../protocol/wire/postMessage';
import type * as z from 'zod';
import { h } from './dom';
import { errorBanner, type ErrorBanner } from './errorBanner';
import { createFormat, type Format, type Language } from './format';
import { connectHost, type Host } from './host';
import { translator, type Translate } from './i18n/translate';
import { busy, registerToolkit } from './toolkit';

export interface Page<I> {
  readonly host: Host;
  readonly peer: PostMessagePeer;
  readonly language: Language;
  readonly t: Translate;
  readonly format: Format;
  readonly input: I;
  readonly root: HTMLElement;
  readonly banner: ErrorBanner;
  /** Runs a command of the extension; a refusal is shown in the banner. */
  command(command: string, ...args: unknown[]): void;
  /** Says a sentence to a screen reader without showing it. */
  announce(sentence: string): void;
}

/** What a page gives back: how it takes a new input, and what it asks again when it may be out of date. */
export interface RunningPage<I> {
  onInput?(input: I): void;
  onRefresh?(): void;
}

export async function startPage<I>(
  input: z.ZodType<I>,
  show: (page: Page<I>) => RunningPage<I>,
  host: Host = connectHost(),
): Promise<void> {
  registerToolkit();
  const root = h('div', { id: 'app' });
  document.body.replaceChildren(root);
  // Until the panel answers, the words can only be in the language that its HTML was made in.
  const first = translator(document.documentElement.lang === 'fa' ? 'fa' : 'en');
  root.append(busy(first('page.loading')));
  try {
    const ready = await host.peer.call(panelReady, {});
    document.documentElement.lang = ready.language;
    document.documentElement.dir = ready.language === 'fa' ? 'rtl' : 'ltr';
    const page = createPage(host, ready.language, input.parse(ready.input), root);
    root.replaceChildren(page.live, page.banner.element);
    const running = show(page);
    host.peer.onNotification(panelInput, ({ input: next }) => running.onInput?.(input.parse(next)));
    host.peer.onNotification(panelRefresh, () => running.onRefresh?.());
  } catch (error) {
    const banner = errorBanner(first, () => undefined);
    root.replaceChildren(banner.element);
    banner.show(error, () => void startPage(input, show, host), true);
  }
}

function createPage<I>(
  host: Host,
  language: Language,
  input: I,
  root: HTMLElement,
): Page<I> & { readonly live: HTMLElement } {
  const t = translator(language);
  const live = h('div', { class: 'visually-hidden', attrs: { 'aria-live': 'polite' } });
  const command = (name: string, ...args: unknown[]): void => {
    host.peer.call(panelCommand, { command: name, args }).catch((error: unknown) => banner.show(error));
  };
  const banner = errorBanner(t, () => command('goya.showLog'));
  return {
    host,
    peer: host.peer,
    language,
    t,
    format: createFormat(language, t),
    input,
    root,
    banner,
    command,
    live,
    announce: (sentence) => {
      live.textContent = sentence;
    },
  };
}
