/** The row of buttons above the waveform. */
import { h, setText } from '../common/dom';
import type { Page } from '../common/page';
import { button, setIconButton } from '../common/toolkit';

export interface ControlActions {
  toggle(): void;
  restart(): void;
  loop(): void;
  zoomIn(): void;
  zoomOut(): void;
  fit(): void;
  speed(rate: number): void;
}

export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;

export function controls(page: Page<unknown>, actions: ControlActions) {
  const { t, format } = page;
  const iconButton = (
    id: string,
    name: Parameters<typeof setIconButton>[1],
    label: string,
    act: () => void,
  ) => button({ id, label, icon: name, appearance: 'icon', onClick: act });
  const play = iconButton('play', 'play', t('audio.play'), actions.toggle);
  const loop = iconButton('loop', 'repeat', t('audio.loop'), actions.loop);
  const time = h('output', { class: 'figure time ltr', id: 'time' });
  const speed = h(
    'select',
    { id: 'speed', attrs: { 'aria-label': t('audio.speed'), title: t('audio.speed') } },
    ...speeds.map((rate) =>
      h('option', { attrs: { value: rate, selected: rate === 1 } }, `${format.number(rate)}×`),
    ),
  );
  speed.addEventListener('change', () => actions.speed(Number(speed.value)));
  const element = h(
    'div',
    { class: 'row controls', attrs: { role: 'group', 'aria-label': t('audio.controls') } },
    h(
      'div',
      { class: 'row ltr' },
      iconButton('restart', 'skipBack', t('audio.restart'), actions.restart),
      play,
      loop,
    ),
    time,
    speed,
    h(
      'div',
      { class: 'row' },
      iconButton('zoom-in', 'zoomIn', t('audio.zoomIn'), actions.zoomIn),
      iconButton('zoom-out', 'zoomOut', t('audio.zoomOut'), actions.zoomOut),
      button({ id: 'fit', label: t('audio.fit'), onClick: actions.fit }),
    ),
  );
  return {
    element,
    setPlaying: (playing: boolean): void =>
      setIconButton(play, playing ? 'pause' : 'play', t(playing ? 'audio.pause' : 'audio.play')),
    setLoop: (on: boolean): void => setIconButton(loop, 'repeat', t('audio.loop'), on),
    setTime: (seconds: number, duration: number): void =>
      setText(time, `${format.clock(seconds)} / ${format.clock(duration)}`),
    setSpeed: (rate: number): void => {
      speed.value = String(rate);
    },
  };
}
