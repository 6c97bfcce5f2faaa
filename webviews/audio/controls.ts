/** The row of buttons above the waveform. */
import { h, setText } from '../common/dom';
import type { Page } from '../common/page';
import { button, setDisabled, setIconButton } from '../common/toolkit';
import type { KeyAction } from './keys';
import { speeds } from './recording';
import type { Scale } from './spectra';

export interface ControlActions {
  /** Of the recordings: more than one can be chosen between. */
  readonly names: readonly string[];
  act(action: KeyAction): void;
  speed(rate: number): void;
  scale(scale: Scale): void;
  hear(index: number): void;
  exportSelection(): void;
  align(): void;
}

export function controls(page: Page<unknown>, actions: ControlActions) {
  const { t, format } = page;
  const { act, names } = actions;
  const iconButton = (
    id: string,
    name: Parameters<typeof setIconButton>[1],
    label: string,
    act: () => void,
  ) => button({ id, label, icon: name, appearance: 'icon', onClick: act });
  const play = iconButton('play', 'play', t('audio.play'), () => act({ kind: 'toggle' }));
  const loop = iconButton('loop', 'repeat', t('audio.loop'), () => act({ kind: 'loop' }));
  const time = h('output', { class: 'figure time ltr', id: 'time' });
  const speed = choice(
    'speed',
    t('audio.speed'),
    speeds.map((rate) => [String(rate), `${format.number(rate)}×`]),
    (rate) => actions.speed(Number(rate)),
  );
  const scale = choice(
    'scale',
    t('audio.scale'),
    (['mel', 'linear'] as const).map((each) => [each, t(`audio.scale.${each}`)]),
    (each) => actions.scale(each === 'linear' ? 'linear' : 'mel'),
  );
  const heard = choice(
    'heard',
    t('audio.heard'),
    names.map((name, index) => [String(index), `\u2068${name}\u2069`]),
    (index) => actions.hear(Number(index)),
  );
  const save = button({
    id: 'export',
    label: t('audio.export'),
    icon: 'save',
    onClick: actions.exportSelection,
  });
  const element = h(
    'div',
    { class: 'row controls', attrs: { role: 'group', 'aria-label': t('audio.controls') } },
    h(
      'div',
      { class: 'row ltr' },
      iconButton('restart', 'skipBack', t('audio.restart'), () => act({ kind: 'start' })),
      play,
      loop,
    ),
    time,
    speed,
    names.length > 1 && heard,
    h(
      'div',
      { class: 'row' },
      iconButton('zoom-in', 'zoomIn', t('audio.zoomIn'), () => act({ kind: 'zoom', factor: 2 })),
      iconButton('zoom-out', 'zoomOut', t('audio.zoomOut'), () => act({ kind: 'zoom', factor: 0.5 })),
      button({ id: 'fit', label: t('audio.fit'), onClick: () => act({ kind: 'fit' }) }),
    ),
    scale,
    names.length > 1 && button({ id: 'align', label: t('audio.align'), onClick: actions.align }),
    save,
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
    setScale: (next: Scale): void => {
      scale.value = next;
    },
    setSelected: (selected: boolean): void => setDisabled(save, !selected),
    setHeard: (index: number): void => {
      heard.value = String(index);
    },
  };
}

function choice(
  id: string,
  label: string,
  options: readonly (readonly [value: string, words: string])[],
  onChange: (value: string) => void,
): HTMLSelectElement {
  const select = h(
    'select',
    { id, attrs: { 'aria-label': label, title: label } },
    ...options.map(([value, words]) => h('option', { attrs: { value } }, words)),
  );
  select.addEventListener('change', () => onChange(select.value));
  return select;
}
