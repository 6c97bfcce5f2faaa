/** The dashboard put together: state, feed and views. */
import type { DashboardInput } from '../../protocol/api/panel';
import type { Run } from '../../protocol/model/run';
import { pageCommands } from '../common/commands';
import { h } from '../common/dom';
import { icon } from '../common/icons';
import type { Page, RunningPage } from '../common/page';
import { createStore } from '../common/store';
import { busy, button } from '../common/toolkit';
import { chartGrid } from './charts';
import { checkpointTable } from './checkpoints';
import { epochTable } from './epochTable';
import { addSample, secondsLeft, type ProgressSample } from './eta';
import { Feed } from './feed';
import { runHeader } from './header';
import { hyperView } from './hyperView';
import { metricName } from './metricNames';
import { reportView } from './reportView';
import { runList } from './runList';
import {
  applyChange,
  applySnapshot,
  choose,
  defaultView,
  noRuns,
  open,
  savedView,
  toggle,
  type RunsState,
} from './runs';
import { samplesView } from './samplesView';
import { toolbar, type ChartView } from './toolbar';

interface State {
  readonly runs: RunsState;
  readonly view: ChartView;
  /** Counts arrivals of points, which live outside the state: they only grow. */
  readonly data: number;
}

export function showDashboard(page: Page<DashboardInput>): RunningPage<DashboardInput> {
  const saved = page.host.state(savedView, defaultView);
  const asked = page.input.runIds.length > 0 ? page.input.runIds : saved.chosen;
  const primary = page.input.runIds.at(-1) ?? saved.primary;
  const { smoothing, logScale, xAxis } = saved;
  const store = createStore<State>({
    runs: choose(noRuns, asked, primary),
    view: { smoothing, logScale, xAxis },
    data: 0,
  });
  const changeRuns = (change: (runs: RunsState) => RunsState): void =>
    store.update((state) => {
      const runs = change(state.runs);
      return runs === state.runs ? state : { ...state, runs };
    });
  const samples = new Map<string, ProgressSample[]>();
  const feed = new Feed(page.peer, {
    snapshot: (items) => {
      page.banner.clear();
      changeRuns((runs) => applySnapshot(runs, items));
    },
    change: (value) => changeRuns((runs) => applyChange(runs, value)),
    data: () => store.update((state) => ({ ...state, data: state.data + 1 })),
    failed: (error) => page.banner.show(error, () => void feed.subscribe(), true),
  });

  const views = createViews(page, store.get().view, {
    toggle: (id, ticked) => changeRuns((runs) => toggle(runs, id, ticked)),
    open: (id) => changeRuns((runs) => open(runs, id)),
    view: (view) => store.update((state) => ({ ...state, view })),
    export: (command) => {
      const { chosen, primary } = store.get().runs;
      const first = primary ?? chosen[0];
      if (first !== undefined)
        page.command(
          command,
          first,
          chosen.filter((id) => id !== first),
        );
    },
  });
  store.subscribe((state) => {
    const { runs, view } = state;
    page.host.setState({ chosen: runs.chosen, primary: runs.primary, ...view });
    const chosen = runs.chosen.flatMap((id) => runs.runs.get(id) ?? []);
    feed.follow(chosen);
    for (const run of chosen) sample(samples, run);
    views.show(state, chosen, feed, samples);
  });
  void feed.subscribe();
  // The estimate also runs down while nothing arrives.
  setInterval(() => store.update((state) => (state.runs.loaded ? { ...state } : state)), 5000);

  return {
    onInput: ({ runIds }) => changeRuns((runs) => (runIds.length === 0 ? runs : choose(runs, runIds))),
    onRefresh: () => void feed.subscribe(),
  };
}

function sample(samples: Map<string, ProgressSample[]>, run: Run): void {
  const known = samples.get(run.id) ?? [];
  if (run.state !== 'running') samples.delete(run.id);
  else if (known.at(-1)?.progress !== run.progress)
    samples.set(run.id, addSample(known, { at: Date.now(), progress: run.progress }));
}

interface Actions {
  toggle(id: string, ticked: boolean): void;
  open(id: string): void;
  view(view: ChartView): void;
  /** Of all runs in the charts. */
  export(command: string): void;
}

function createViews(page: Page<DashboardInput>, view: ChartView, actions: Actions) {
  const { t } = page;
  const list = runList(page, actions);
  const header = runHeader(page);
  const charts = chartGrid(page);
  const table = epochTable(page, (name) => metricName(name, t));
  const checkpoints = checkpointTable(page);
  const samples = samplesView(page);
  const hyper = hyperView(page);
  const report = reportView(page);
  const tools = toolbar(page, view, {
    change: actions.view,
    exportCsv: () => actions.export(pageCommands.exportRunCsv),
    exportTensorBoard: () => actions.export(pageCommands.exportRunTensorBoard),
  });
  const waiting = h('p', { class: 'muted chart-wait' });
  const content = h(
    'div',
    { class: 'content' },
    header.element,
    tools,
    waiting,
    charts.element,
    table.element,
    checkpoints.element,
    samples.element,
    hyper.element,
    report.element,
  );
  const dashboard = h('main', { class: 'dashboard', hidden: true }, list.element, content);
  const start = h('div', {}, busy(t('page.loading')));
  const empty = emptyPage(page);
  page.root.append(start, dashboard);

  return {
    show: (
      state: State,
      chosen: readonly Run[],
      feed: Feed,
      progress: ReadonlyMap<string, ProgressSample[]>,
    ): void => {
      const { runs } = state;
      if (!runs.loaded) return;
      const none = runs.runs.size === 0;
      dashboard.hidden = none;
      start.hidden = !none;
      if (none) {
        if (empty.parentElement === null) start.replaceChildren(empty);
        return;
      }
      const primary = runs.primary === undefined ? undefined : runs.runs.get(runs.primary);
      const own = primary === undefined ? [] : (feed.checkpoints.get(primary.id) ?? []);
      const left = secondsLeft(progress.get(primary?.id ?? '') ?? [], Date.now());
      list.show(runs);
      header.show(primary, left, own.length > 0);
      charts.show({
        runs: chosen,
        primary: primary?.id,
        view: state.view,
        metrics: feed.metrics,
        checkpoints: feed.checkpoints,
      });
      const points = chosen.some((run) => (feed.metrics.get(run.id)?.byName.size ?? 0) > 0);
      waiting.hidden = points;
      waiting.textContent = chosen.length === 0 ? t('chart.choose') : t('chart.waiting');
      table.show(primary === undefined ? undefined : feed.metrics.get(primary.id));
      checkpoints.show(own);
      samples.show(primary);
      hyper.show(chosen);
      report.show(primary);
    },
  };
}

function emptyPage(page: Page<DashboardInput>): HTMLElement {
  const { t } = page;
  return h(
    'div',
    { class: 'empty' },
    icon('pulse'),
    h('h1', {}, t('runs.none')),
    h('p', { class: 'muted' }, t('runs.noneHint')),
    button({
      label: t('runs.newConfig'),
      icon: 'add',
      appearance: 'primary',
      onClick: () => page.command(pageCommands.newTrainingConfig),
    }),
  );
}
