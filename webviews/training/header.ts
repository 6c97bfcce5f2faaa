/** The head of the page: which run, how far, on what engine, how long still, and what can be done with it. */
import type { Run } from '../../protocol/model/run';
import { pageCommands } from '../common/commands';
import { h, setAttribute, setText } from '../common/dom';
import { describeError } from '../common/errorWords';
import type { Page } from '../common/page';
import { button, setDisabled } from '../common/toolkit';
import { StudioError } from '../../protocol/wire/errors';
import { canResume, isActive } from './runs';
import { stateIcon } from './stateIcon';

export function runHeader(page: Page<unknown>) {
  const { t, format } = page;
  let shown: Run | undefined;
  const act = (command: string) => (): void => {
    if (shown !== undefined) page.command(command, shown.id);
  };
  const title = h('bdi');
  const state = h('span', { class: 'pill', id: 'run-state' });
  const bar = h('span', { class: 'bar-fill' });
  const progress = h(
    'div',
    {
      class: 'bar',
      attrs: {
        role: 'progressbar',
        'aria-valuemin': 0,
        'aria-valuemax': 100,
        'aria-labelledby': 'run-title',
      },
    },
    bar,
  );
  const facts = h('dl', { class: 'facts' });
  const failure = h('div', { class: 'run-failure' });
  const stop = button({ id: 'stop', label: t('run.stop'), icon: 'stop', onClick: act(pageCommands.stopRun) });
  const resume = button({
    id: 'resume',
    label: t('run.resume'),
    icon: 'play',
    onClick: act(pageCommands.resumeRun),
  });
  const tryIt = button({
    id: 'try',
    label: t('run.try'),
    icon: 'beaker',
    appearance: 'primary',
    onClick: act(pageCommands.tryRun),
  });
  const output = button({
    id: 'output',
    label: t('run.output'),
    icon: 'folderOpened',
    onClick: act(pageCommands.revealRun),
  });
  const config = button({
    id: 'config',
    label: t('run.config'),
    icon: 'code',
    onClick: act(pageCommands.openRunConfig),
  });
  const element = h(
    'header',
    { class: 'run-header' },
    h('div', { class: 'run-title' }, h('h1', { id: 'run-title' }, title), state),
    progress,
    facts,
    failure,
    h('div', { class: 'row actions' }, tryIt, stop, resume, output, config),
  );

  return {
    element,
    show: (run: Run | undefined, secondsLeft: number | undefined, hasCheckpoint: boolean): void => {
      element.hidden = run === undefined;
      if (run === undefined) return;
      if (shown !== undefined && shown.id === run.id && shown.state !== run.state)
        page.announce(`${run.name}: ${t(`state.${run.state}`)}`);
      shown = run;
      setText(title, run.name);
      state.replaceChildren(stateIcon(run.state), t(`state.${run.state}`));
      setAttribute(state, 'data-state', run.state);
      bar.style.inlineSize = `${run.progress * 100}%`;
      setAttribute(progress, 'aria-valuenow', Math.round(run.progress * 100));
      setAttribute(progress, 'aria-valuetext', `${format.percent(run.progress, 0)}, ${epochWords(run)}`);
      facts.replaceChildren(...factsOf(run, secondsLeft));
      showFailure(run);
      const completed = run.state === 'completed';
      tryIt.hidden = !(completed || hasCheckpoint);
      stop.hidden = !isActive(run.state);
      setDisabled(stop, run.state === 'stopping');
      resume.hidden = !canResume(run.state);
      output.hidden = run.outputPath === undefined || !(completed || hasCheckpoint);
      config.hidden = run.configPath === undefined;
    },
  };

  function epochWords(run: Run): string {
    return t('run.epoch', { n: format.integer(run.epoch), total: format.integer(run.epochs) });
  }

  function fact(name: string, value: string | undefined, note?: string): HTMLElement[] {
    if (value === undefined) return [];
    const words = note !== undefined && h('span', { class: 'muted fact-note', dir: 'auto' }, note);
    return [h('div', {}, h('dt', {}, name), h('dd', { class: 'figure' }, h('bdi', {}, value), words))];
  }

  function systemFacts({ system, state }: Run): HTMLElement[] {
    if (system === undefined || !isActive(state)) return [];
    return [
      ...fact(t('run.cpu'), format.percent(system.cpuPercent / 100, 0)),
      ...fact(t('run.memory'), format.bytes(system.rssBytes)),
    ];
  }

  function factsOf(run: Run, secondsLeft: number | undefined): HTMLElement[] {
    // The trainer measures its steps; before it knows, the progress so far is all there is to go by.
    const seconds = run.etaSeconds ?? secondsLeft;
    const left = seconds === undefined || run.state !== 'running' ? undefined : format.duration(seconds);
    return [
      ...fact(t('run.progress'), epochWords(run)),
      ...fact(t('run.step'), format.integer(run.step)),
      ...fact(t('run.task'), run.task),
      ...fact(t('run.engine'), run.engine, run.engineReason),
      ...fact(t('run.left'), left),
      ...systemFacts(run),
      ...fact(t('run.took'), took(run)),
      ...fact(t('run.started'), run.startedAt === undefined ? undefined : format.dateTime(run.startedAt)),
    ];
  }

  function took(run: Run): string | undefined {
    if (run.startedAt === undefined || run.endedAt === undefined || isActive(run.state)) return undefined;
    return format.duration((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000);
  }

  function showFailure(run: Run): void {
    if (run.error === undefined) {
      failure.replaceChildren();
      return;
    }
    const { kind, message, retryable } = run.error;
    const words = describeError(new StudioError(kind, message, { retryable }), t);
    if (failure.textContent === words.title + words.detail) return;
    failure.replaceChildren(h('strong', {}, words.title), h('span', { dir: 'auto' }, words.detail));
  }
}
