import { MlError, type MlErrorCode } from '../../ml/errors';
import { toStudioError, type ErrorKind } from '../../protocol/wire/errors';
import type { MessageKey, Translate } from './i18n/translate';

/** Every kind has a title of its own family, so that a new kind cannot be forgotten. */
const titles: Record<ErrorKind, MessageKey> = {
  internal: 'error.internal',
  cancelled: 'error.cancelled',
  'hub.notFound': 'error.hub',
  'hub.unauthorized': 'error.hub',
  'hub.gated': 'error.hub',
  'hub.rateLimited': 'error.hub',
  'hub.unreachable': 'error.hub',
  'hub.invalidResponse': 'error.hub',
  'download.checksum': 'error.download',
  'download.diskFull': 'error.download',
  'download.unsafePath': 'error.download',
  'download.notFound': 'error.download',
  'download.writeFailed': 'error.download',
  'download.invalidState': 'error.download',
  'model.notFound': 'error.modelNotFound',
  'model.unsupported': 'error.modelUnsupported',
  'model.corrupt': 'error.modelCorrupt',
  'model.unsafe': 'error.modelUnsafe',
  'model.inUse': 'error.modelInUse',
  'inference.invalidInput': 'error.input',
  'training.invalidConfig': 'error.trainingConfig',
  'training.invalidData': 'error.trainingData',
  'training.notFound': 'error.runNotFound',
  'training.invalidState': 'error.runState',
  'training.diverged': 'error.runDiverged',
  'training.outputFailed': 'error.runOutput',
  'dataset.notFound': 'error.dataset',
  'dataset.unsupported': 'error.dataset',
  'dataset.changed': 'error.datasetChanged',
  'dataset.writeFailed': 'error.datasetWrite',
  'dataset.tooLarge': 'error.dataset',
  'engine.unavailable': 'error.engine',
  'database.unavailable': 'error.database',
  'database.locked': 'error.database',
  'plugin.failed': 'error.plugin',
  'settings.invalid': 'error.settings',
};

/** Errors of code that runs in the page itself. */
const mlTitles: Record<MlErrorCode, MessageKey> = {
  'audio.invalid': 'error.audioInvalid',
  'audio.unsupported': 'error.audioUnsupported',
  'model.corrupt': 'error.modelCorrupt',
  'model.unsafe': 'error.modelUnsafe',
  'model.unsupported': 'error.modelUnsupported',
  'input.invalid': 'error.input',
};

export interface ErrorWords {
  readonly kind: ErrorKind | MlErrorCode;
  readonly title: string;
  /** What the part that failed said; in English, as the log has it. */
  readonly detail: string;
  readonly retryable: boolean;
}

export function describeError(error: unknown, t: Translate): ErrorWords {
  if (error instanceof MlError)
    return { kind: error.code, title: t(mlTitles[error.code]), detail: error.message, retryable: false };
  const studio = toStudioError(error);
  // A failure inside the page has no log but its own message.
  const own = studio.cause instanceof Error && studio !== error ? studio.cause.message : studio.message;
  return {
    kind: studio.kind,
    title: t(titles[studio.kind]),
    detail: own,
    retryable: studio.retryable,
  };
}
