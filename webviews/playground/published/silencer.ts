import { h } from '../../common/dom';
import type { Page } from '../../common/page';
import { button } from '../../common/toolkit';
import type { LivePlayer } from './livePlayer';

/** Stops a sound that plays while it is made; where the editor lets it not play yet, starts it. */
export function silencer({ t }: Page<unknown>, player: () => LivePlayer) {
  const stop = button({
    id: 'silence',
    label: t('voice.silence'),
    icon: 'stop',
    onClick: () => player().stop(),
  });
  const play = button({
    id: 'unblock',
    label: t('voice.sound'),
    icon: 'play',
    onClick: () => void player().resume(),
  });
  const blocked = h('span', { class: 'muted' }, t('voice.blocked'));
  const element = h('div', { class: 'row', hidden: true }, stop, play, blocked);
  return {
    element,
    update: (): void => {
      element.hidden = !player().busy;
      play.hidden = blocked.hidden = !player().blocked;
    },
  };
}
