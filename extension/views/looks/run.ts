import type { Checkpoint, Run, RunState } from '../../../protocol/model/run';
import { contextValues, type ContextValue } from '../../contributions';
import { headlineMetric } from '../../ends';
import { isolate, joinParts } from '../../text/bidi';
import {
  formatAge,
  formatBytes,
  formatDuration,
  formatMetric,
  formatNumber,
  formatTimeLeft,
} from '../../text/format';
import { t } from '../../text/translate';
import { briefReasonOf } from './downloadFile';
import { factsTooltip, type Look } from './look';

const states: Readonly<Record<RunState, { icon: string; color?: string; contextValue: ContextValue }>> = {
  queued: { icon: 'clock', contextValue: contextValues.runQueued },
  running: { icon: 'sync~spin', color: 'charts.blue', contextValue: contextValues.runRunning },
  stopping: { icon: 'sync~spin', color: 'charts.yellow', contextValue: contextValues.runStopping },
  stopped: { icon: 'debug-stop', color: 'charts.yellow', contextValue: contextValues.runStopped },
  completed: { icon: 'pass', color: 'charts.green', contextValue: contextValues.runCompleted },
  failed: { icon: 'error', color: 'errorForeground', contextValue: contextValues.runFailed },
  interrupted: { icon: 'warning', color: 'charts.orange', contextValue: contextValues.runInterrupted },
};

export function runLook(run: Run, now: number): Look {
  return {
    label: isolate(run.name),
    description: describe(run),
    ...states[run.state],
    failed: run.state === 'failed',
    tooltip: factsTooltip(
      run.name,
      [
        [t('State'), runStateName(run.state)],
        [t('Task'), run.task],
        [t('Epoch'), epochOf(run)],
        [t('Step'), formatNumber(run.step)],
        [t('Time left'), run.etaSeconds === undefined ? undefined : formatDuration(run.etaSeconds)],
        [t('Engine'), joinParts([run.engine, run.engineReason])],
        [t('Processor'), run.system === undefined ? undefined : cores(run.system.cpuPercent)],
        [t('Memory'), run.system === undefined ? undefined : formatBytes(run.system.rssBytes)],
        [t('Tensors'), run.system === undefined ? undefined : formatNumber(run.system.tensors)],
        [t('Priority'), (run.priority ?? 0) === 0 ? undefined : formatNumber(run.priority ?? 0)],
        ...Object.entries(run.metrics).map(([name, value]) => [name, formatMetric(value)] as const),
        [t('Started'), run.startedAt === undefined ? undefined : formatAge(run.startedAt, now)],
        [t('Time'), duration(run)],
        [t('Config'), run.configPath],
        [t('Output'), run.outputPath],
      ],
      run.error?.message ?? run.notice,
    ),
  };
}

function cores(percent: number): string {
  return t('{0} of a core', t('{0} %', formatNumber(percent)));
}

export function runStateName(state: RunState): string {
  switch (state) {
    case 'queued':
      return t('waiting');
    case 'running':
      return t('running');
    case 'stopping':
      return t('stopping');
    case 'stopped':
      return t('stopped');
    case 'completed':
      return t('completed');
    case 'failed':
      return t('failed');
    case 'interrupted':
      return t('interrupted');
  }
}

/** The state and the figures that count: `running · epoch 7/30 · 2 min left · loss 0.31 · tensorflow`. */
export function describe(run: Run): string {
  const state = runStateName(run.state);
  switch (run.state) {
    case 'running':
    case 'stopping':
      return joinParts([
        state,
        t('epoch {0}', epochOf(run)),
        run.etaSeconds === undefined ? undefined : formatTimeLeft(run.etaSeconds),
        lossOf(run),
        run.engine,
      ]);
    case 'queued':
      return joinParts([state, (run.priority ?? 0) === 0 ? undefined : priorityOf(run)]);
    case 'completed':
      return joinParts([state, headlineMetric(run)]);
    case 'stopped':
    case 'interrupted':
      return joinParts([state, t('epoch {0}', epochOf(run)), headlineMetric(run)]);
    case 'failed':
      return t('failed: {0}', run.error === undefined ? '' : briefReasonOf(run.error));
  }
}

function epochOf(run: Run): string {
  return `${formatNumber(run.epoch)}/${formatNumber(run.epochs)}`;
}

function priorityOf(run: Run): string {
  return t('priority {0}', formatNumber(run.priority ?? 0));
}

function lossOf(run: Run): string | undefined {
  const loss = run.metrics['loss'];
  return loss === undefined ? undefined : `loss ${formatMetric(loss)}`;
}

function duration(run: Run): string | undefined {
  if (run.startedAt === undefined || run.endedAt === undefined) return undefined;
  return formatDuration((Date.parse(run.endedAt) - Date.parse(run.startedAt)) / 1000);
}

/** Newest first; the best one leads. */
export function sortCheckpoints(checkpoints: readonly Checkpoint[]): readonly Checkpoint[] {
  return checkpoints.toSorted((a, b) => Number(b.best) - Number(a.best) || b.step - a.step);
}

export function checkpointLook(checkpoint: Checkpoint, last: boolean, now: number): Look {
  const epoch = t('epoch {0}', formatNumber(checkpoint.epoch));
  const name = checkpoint.best ? t('best') : last ? t('last') : epoch;
  return {
    label: name,
    description: joinParts([
      name === epoch ? undefined : epoch,
      `loss ${formatMetric(checkpoint.loss)}`,
      checkpoint.accuracy === undefined ? undefined : `accuracy ${formatMetric(checkpoint.accuracy)}`,
    ]),
    icon: checkpoint.best ? 'star-full' : 'bookmark',
    color: checkpoint.best ? 'charts.yellow' : undefined,
    contextValue: contextValues.checkpoint,
    tooltip: factsTooltip(t('Checkpoint after {0}', epoch), [
      [t('Step'), formatNumber(checkpoint.step)],
      ['loss', formatMetric(checkpoint.loss)],
      ['accuracy', checkpoint.accuracy === undefined ? undefined : formatMetric(checkpoint.accuracy)],
      [t('Made'), formatAge(checkpoint.createdAt, now)],
      [t('Folder'), checkpoint.path],
    ]),
  };
}
