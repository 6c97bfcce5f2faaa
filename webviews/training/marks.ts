/** The checkpoints on a chart's time axis: what one is on pointing at it, what can be done with it on opening it. */
import type uPlot from 'uplot';
import type { Checkpoint } from '../../protocol/model/run';
import { pageCommands } from '../common/commands';
import { h, keyed, setAttribute, setText } from '../common/dom';
import type { Page } from '../common/page';
import { button } from '../common/toolkit';
import type { Mark } from './chartOptions';

export interface MarkLayer {
  readonly element: HTMLElement;
  /** Puts the marks where the chart's axis has them now. */
  place(chart: uPlot, marks: readonly Mark[]): void;
}

/** `tabbable`: reached with Tab. In one chart of a page: the checkpoints of all are the same. */
export function markLayer(page: Page<unknown>, tabbable: boolean): MarkLayer {
  const { t, format } = page;
  const element = h('ul', { class: 'marks ltr', attrs: { 'aria-label': t('checkpoint.heading') } });
  const words = h('p', { class: 'figure', dir: 'auto' });
  let shown: Checkpoint | undefined;
  const act = (command: string) => (): void => {
    if (shown !== undefined) page.command(command, { id: shown.id, runId: shown.runId });
  };
  const card = h(
    'div',
    { class: 'mark-card' },
    words,
    h(
      'div',
      { class: 'row' },
      button({ label: t('checkpoint.try'), icon: 'beaker', onClick: act(pageCommands.tryCheckpoint) }),
      button({
        label: t('checkpoint.reveal'),
        icon: 'folderOpened',
        onClick: act(pageCommands.revealCheckpoint),
      }),
    ),
  );
  const close = (): void => {
    shown = undefined;
    card.remove();
  };
  const open = (item: HTMLElement, { checkpoint }: Mark): void => {
    if (shown?.id === checkpoint.id && card.parentElement === item) return;
    shown = checkpoint;
    setText(words, describe(checkpoint));
    item.append(card);
    // It stays within the chart.
    const room = (element.parentElement?.clientWidth ?? 0) - item.offsetLeft - card.offsetWidth;
    card.style.insetInlineStart = `${Math.min(-8, room)}px`;
  };
  element.addEventListener('pointerleave', () => {
    if (!element.contains(document.activeElement)) close();
  });
  element.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && element.contains(relatedTarget))) close();
  });
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || shown === undefined) return;
    card.parentElement?.querySelector('button')?.focus();
    close();
    event.stopPropagation();
  });

  return {
    element,
    place: (chart, marks) => {
      const { over } = chart;
      const visible = marks.filter(({ x }) => {
        const left = chart.valToPos(x, 'x');
        return left >= -1 && left <= over.clientWidth + 1;
      });
      keyed(
        element,
        visible,
        ({ checkpoint }) => checkpoint.id,
        () => h('li', { class: 'mark' }, h('button', { attrs: { type: 'button' } })),
        (item, mark) => {
          const left = chart.valToPos(mark.x, 'x');
          item.style.insetInlineStart = `${over.offsetLeft + left}px`;
          item.style.insetBlockStart = `${over.offsetTop + over.clientHeight}px`;
          const control = item.firstElementChild;
          if (!(control instanceof HTMLElement)) return;
          control.tabIndex = tabbable ? 0 : -1;
          setAttribute(control, 'aria-label', nameOf(mark));
          control.onpointerenter = control.onfocus = control.onclick = () => open(item, mark);
        },
      );
    },
  };

  function nameOf({ best, checkpoint }: Mark): string {
    return t(best ? 'checkpoint.markBest' : 'checkpoint.mark', { n: format.integer(checkpoint.epoch) });
  }

  function describe({ epoch, step, loss, accuracy, best }: Checkpoint): string {
    const parts = [
      t(best ? 'checkpoint.markBest' : 'checkpoint.mark', { n: format.integer(epoch) }),
      t('chart.atStep', { n: format.integer(step) }),
      `${t('checkpoint.loss')} ${format.number(loss)}`,
      accuracy === undefined ? '' : `${t('checkpoint.accuracy')} ${format.number(accuracy)}`,
    ];
    return parts.filter((part) => part !== '').join(' · ');
  }
}
