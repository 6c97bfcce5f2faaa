import type { RunState } from '../../protocol/model/run';
import { icon, type IconName } from '../common/icons';

const icons: Record<RunState, IconName> = {
  queued: 'clock',
  running: 'pulse',
  stopping: 'clock',
  stopped: 'circleSlash',
  completed: 'check',
  failed: 'error',
  interrupted: 'warning',
};

/** The state's icon; its word always stands beside it. */
export function stateIcon(state: RunState): SVGElement {
  const image = icon(icons[state]);
  image.classList.add(`state-${state}`);
  return image;
}
