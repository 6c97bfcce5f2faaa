/** Plays the sounds of the sample predictions, one at a time. */
import { panelFileUri } from '../../protocol/api/panel';
import { h } from '../common/dom';
import { fetchBlob } from '../common/fetchBytes';
import type { Page } from '../common/page';
import { button, setIconButton } from '../common/toolkit';

interface Playing {
  readonly path: string;
  readonly audio: HTMLAudioElement;
  stop(): void;
}

export interface SamplePlayer {
  /** A button that plays the file at that absolute path. */
  control(path: string, name: string): HTMLElement;
  stop(): void;
}

export function samplePlayer(page: Page<unknown>): SamplePlayer {
  const { t } = page;
  let playing: Playing | undefined;
  /** Counts the wishes: a file that arrives after another was asked for stays silent. */
  let wish = 0;
  const stop = (): void => {
    wish++;
    playing?.stop();
    playing = undefined;
  };

  const play = async (path: string, bar: HTMLElement, ended: () => void): Promise<void> => {
    const mine = wish;
    const { uri } = await page.peer.call(panelFileUri, { path });
    const blob = await fetchBlob(uri);
    if (mine !== wish) return;
    const url = URL.createObjectURL(blob);
    const audio = new Audio(url);
    playing = {
      path,
      audio,
      stop: () => {
        audio.pause();
        URL.revokeObjectURL(url);
        bar.style.inlineSize = '0';
        ended();
      },
    };
    audio.addEventListener('timeupdate', () => {
      if (audio.duration > 0) bar.style.inlineSize = `${(100 * audio.currentTime) / audio.duration}%`;
    });
    audio.addEventListener('ended', () => {
      if (playing?.audio === audio) stop();
    });
    await audio.play();
  };

  const control = (path: string, name: string): HTMLElement => {
    const bar = h('span', { class: 'player-bar' });
    let on = false;
    const show = (next: boolean): void => {
      on = next;
      const label = t(on ? 'samples.stop' : 'samples.play', { name });
      setIconButton(control, on ? 'stop' : 'play', label, on);
    };
    const control = button({
      label: t('samples.play', { name }),
      appearance: 'icon',
      icon: 'play',
      onClick: () => {
        if (on) return stop();
        stop();
        show(true);
        play(path, bar, () => show(false)).catch((error: unknown) => {
          stop();
          show(false);
          page.banner.show(error);
        });
      },
    });
    return h('span', { class: 'player' }, control, h('span', { class: 'player-track' }, bar));
  };
  return { control, stop };
}
