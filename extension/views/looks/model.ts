import type { CuratedModel } from '../../../protocol/api/hub';
import { runsHere } from '../../../protocol/model/hubModel';
import {
  verificationOf,
  type Model,
  type ModelStatus,
  type Verification,
} from '../../../protocol/model/model';
import { publishedTaskOf } from '../../../protocol/model/published';
import { contextValues, type ContextValue, type ModelGrouping } from '../../contributions';
import { isolate, joinParts } from '../../text/bidi';
import { formatAge, formatBytes, formatCount, formatNumber } from '../../text/format';
import { t } from '../../text/translate';
import { factsTooltip, type Look } from './look';
import { taskIcon, taskName, typeName } from './task';

/** A model that Goya trained itself. */
export function isTrained(model: Model): boolean {
  return typeof model.metadata['runId'] === 'string';
}

/** True when the playground can run it: a tf.js layers model in the page, a family that the backend knows through it. */
export function isPlayable(model: Model): boolean {
  if (model.status !== 'ready') return false;
  const inPage = isTrained(model) || model.format === 'tfjs-layers' || wasJudged(model);
  return inPage || publishedTaskOf(model) !== undefined;
}

/** By what lies in its folder, when it came. */
function wasJudged(model: Model): boolean {
  const judged = runsHere.safeParse(model.metadata['runsHere']);
  return judged.success && judged.data.verdict !== 'no' && judged.data.verdict !== 'unknown';
}

export function modelTask(model: Model): string | undefined {
  const task = model.metadata['task'];
  return typeof task === 'string' ? task : undefined;
}

export function modelLook(model: Model, now: number): Look {
  const task = modelTask(model);
  const verification = verificationOf(model);
  const differs = model.status === 'ready' && verification?.state === 'differs';
  const sound = model.status === 'ready' && !differs;
  return {
    label: isolate(model.name),
    description: joinParts([
      isTrained(model) ? t('trained') : undefined,
      task === undefined ? typeName(model.type) : taskName(task),
      formatBytes(model.sizeBytes),
      differs ? t('not what the hub has') : statusNote(model.status),
    ]),
    icon: sound ? taskIcon(task ?? model.type) : statusIcon(model.status),
    color: sound ? undefined : differs ? 'list.warningForeground' : 'errorForeground',
    contextValue: contextOf(model),
    failed: model.status === 'corrupt' || model.status === 'missing',
    warned: differs,
    tooltip: factsTooltip(model.name, [
      [t('Task'), task ?? typeName(model.type)],
      [t('Repository'), model.repoId],
      [t('Size'), formatBytes(model.sizeBytes)],
      [t('Licence'), model.licence],
      [t('Architecture'), model.architecture],
      [t('Format'), model.format],
      [t('Folder'), model.path],
      [t('Commit'), model.commit],
      [t('Compared'), verification && verificationText(verification, now)],
      [t('Added'), formatAge(model.createdAt, now)],
    ]),
  };
}

function verificationText({ state, problems, reason, at }: Verification, now: number): string {
  const age = formatAge(at, now);
  if (state === 'verified') return t('every file matches its hash ({0})', age);
  if (state === 'unverified') return reason ?? t('no hashes are known');
  return t('{0} files differ ({1})', formatNumber(problems.length), age);
}

function statusNote(status: ModelStatus): string | undefined {
  switch (status) {
    case 'ready':
      return undefined;
    case 'downloading':
      return t('downloading');
    case 'corrupt':
      return t('damaged');
    case 'missing':
      return t('files are gone');
  }
}

function statusIcon(status: ModelStatus): string {
  return status === 'downloading' ? 'cloud-download' : 'warning';
}

function contextOf(model: Model): ContextValue {
  switch (model.status) {
    case 'ready':
      return isPlayable(model) ? contextValues.modelPlayable : contextValues.modelReady;
    case 'downloading':
      return contextValues.modelDownloading;
    case 'corrupt':
      return contextValues.modelCorrupt;
    case 'missing':
      return contextValues.modelMissing;
  }
}

/** The heading that a model stands under; undefined without grouping. */
export function modelGroup(model: Model, grouping: ModelGrouping): string | undefined {
  switch (grouping) {
    case 'none':
      return undefined;
    case 'task':
      return taskName(modelTask(model) ?? model.type);
    case 'source':
      if (isTrained(model)) return t('Trained here');
      return model.repoId === undefined ? t('Imported') : (model.repoId.split('/')[0] ?? model.repoId);
  }
}

export function curatedLook(model: CuratedModel, installed: boolean): Look {
  return {
    label: isolate(model.title),
    description: joinParts([
      installed ? t('installed') : undefined,
      model.licence,
      model.sizeBytes === undefined ? undefined : formatBytes(model.sizeBytes),
      model.formats.join(', '),
      model.available === false ? t('no longer on the hub') : undefined,
    ]),
    icon: installed ? 'pass' : 'star-empty',
    color: installed ? 'charts.green' : undefined,
    contextValue: contextValues.curated,
    tooltip: factsTooltip(
      model.title,
      [
        [t('Repository'), model.repoId],
        [t('Architecture'), model.architecture],
        [t('Format'), model.formats.join(', ')],
        [t('Size'), model.sizeBytes === undefined ? undefined : formatBytes(model.sizeBytes)],
        [t('Licence'), model.licence],
        [t('Downloads'), model.downloads > 0 ? formatCount(model.downloads) : undefined],
        [t('Access'), model.gated ? t('its licence must be accepted on the hub first') : undefined],
      ],
      [model.note, model.licenceNote].filter((part) => part !== undefined).join(' '),
    ),
  };
}
