/** The one button, what it is about to do, and how far it has come. */
import { downloadsPause, downloadsResume } from '../../protocol/api/downloads';
import { panelOpenLink } from '../../protocol/api/panel';
import type { Download } from '../../protocol/model/download';
import { pageCommands } from '../common/commands';
import { h, setText } from '../common/dom';
import { isolate } from '../common/i18n/translate';
import type { IconName } from '../common/icons';
import type { Page } from '../common/page';
import { button, setDisabled } from '../common/toolkit';
import type { Action } from './action';

export interface ActionView {
  readonly element: HTMLElement;
  show(action: Action, download: Download | undefined, installed: boolean): void;
}

export function actionView(page: Page<unknown>, onDownload: () => Promise<void>): ActionView {
  const { t, format, peer } = page;
  const place = h('div', { class: 'primary' });
  const words = h('p', { id: 'state', attrs: { role: 'status' } });
  const bar = h('progress', { attrs: { max: 1, 'aria-label': t('hub.progress') } });
  const element = h('section', { class: 'action card' }, place, h('div', { class: 'grow' }, words, bar));
  let shown = '';
  let busy = false;

  const run = (work: () => Promise<unknown>): void => {
    if (busy) return;
    busy = true;
    page.banner.clear();
    work()
      .catch((error: unknown) => page.banner.show(error))
      .finally(() => {
        busy = false;
      });
  };
  const primary = (label: string, name: IconName, onClick: (() => void) | undefined): void => {
    // Made anew only when it is another: the focus stays on it while figures change.
    const key = `${name} ${label} ${String(onClick !== undefined)}`;
    if (key === shown) return;
    shown = key;
    const focused = place.contains(document.activeElement);
    const made = button({
      id: 'primary',
      label,
      icon: name,
      appearance: 'primary',
      onClick: () => onClick?.(),
    });
    setDisabled(made, onClick === undefined);
    place.replaceChildren(made);
    if (focused) made.focus();
  };
  const act = (action: Action): void => {
    switch (action.kind) {
      case 'pause': {
        const { id } = action.download;
        return primary(t('hub.pause'), 'pause', () => run(() => peer.call(downloadsPause, { id })));
      }
      case 'resume': {
        const { id } = action.download;
        return primary(t('hub.resume'), 'play', () => run(() => peer.call(downloadsResume, { id })));
      }
      case 'reveal': {
        const { id } = action.model;
        return primary(t('hub.reveal'), 'folderOpened', () => page.command(pageCommands.revealModel, id));
      }
      case 'accept':
        return primary(t('hub.accept'), 'linkExternal', () =>
          run(() => peer.call(panelOpenLink, { url: action.url })),
        );
      case 'download': {
        const label = action.add ? t('hub.add') : t('hub.download', { size: format.bytes(action.bytes) });
        return primary(label, 'cloudDownload', () => run(onDownload));
      }
      case 'planning':
      case 'none':
      case 'nothingTicked':
      case 'diskFull':
        return primary(t('hub.downloadPlain'), 'cloudDownload', undefined);
    }
  };
  const sentence = (action: Action, download: Download | undefined, installed: boolean): string => {
    switch (action.kind) {
      case 'pause':
        return progressWords(action.download);
      case 'resume':
        return download?.error === undefined
          ? t('hub.paused', { share: share(action.download) })
          : t('hub.failed', { reason: isolate(download.error.message) });
      case 'reveal':
        return t('hub.installed');
      case 'accept':
        return t('hub.acceptFirst');
      case 'nothingTicked':
        return t('hub.nothingTicked');
      case 'diskFull':
        return t('hub.diskFull', { size: format.bytes(action.missing) });
      case 'planning':
        return t('hub.planning');
      case 'download':
        return installed ? t('hub.installedOther') : t('hub.notInstalled');
      case 'none':
        return '';
    }
  };
  const share = ({ bytesDone, bytesTotal }: Download): string =>
    format.percent(bytesTotal === 0 ? 0 : Math.floor((1000 * bytesDone) / bytesTotal) / 1000, 0);
  const progressWords = (download: Download): string =>
    [
      download.state === 'queued' ? t('hub.queued') : share(download),
      t('hub.doneOf', { done: format.bytes(download.bytesDone), total: format.bytes(download.bytesTotal) }),
      ...(download.bytesPerSecond > 0
        ? [t('hub.rate', { rate: format.bytes(download.bytesPerSecond) })]
        : []),
      ...(download.etaSeconds === undefined
        ? []
        : [t('hub.left', { time: format.duration(download.etaSeconds) })]),
    ].join(' · ');
  return {
    element,
    show: (action, download, installed) => {
      act(action);
      setText(words, sentence(action, download, installed));
      element.dataset['action'] = action.kind;
      const moving = action.kind === 'pause' || action.kind === 'resume' ? action.download : undefined;
      bar.hidden = moving === undefined;
      if (moving !== undefined)
        bar.value = moving.bytesTotal === 0 ? 0 : moving.bytesDone / moving.bytesTotal;
    },
  };
}
