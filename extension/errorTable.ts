/** What a person can do about each kind of error: the one table behind every error message. Pure. */
import { toStudioError, type ErrorKind, type StudioError } from '../protocol/wire/errors';
import { commands, settingKeys, type CommandId } from './contributions';
import { isolate } from './text/bidi';
import { language, sentences, t } from './text/translate';

export type ErrorAction =
  | {
      readonly kind: 'command';
      readonly title: string;
      readonly command: CommandId;
      readonly args: unknown[];
    }
  | { readonly kind: 'openPage'; readonly title: string; readonly url: string }
  | { readonly kind: 'showProblems'; readonly title: string }
  /** Does again what failed; left out where the caller cannot. */
  | { readonly kind: 'retry'; readonly title: string };

export interface ErrorAdvice {
  /** One sentence in the interface's language for the kind; Persian readers see it before the precise message. */
  readonly headline: string;
  /** At most two. */
  readonly actions: readonly ErrorAction[];
}

const command = (title: string, id: CommandId, ...args: unknown[]): ErrorAction => ({
  kind: 'command',
  title,
  command: id,
  args,
});
const showLog = (): ErrorAction => command(t('Show Log'), commands.showLog);
const restart = (): ErrorAction => command(t('Restart'), commands.restartBackend);
/** Where the token in hand was kept back from a mirror: the question whether to send it there. */
const setToken = (error?: StudioError): ErrorAction =>
  error?.details?.['heldBackFor'] === undefined
    ? command(t('Set Token'), commands.setToken)
    : command(t('Send Your Token…'), commands.setToken, 'send');
const settingsOf = (key: string): ErrorAction => command(t('Open Settings'), commands.openSettings, key);
const checkConnection = (): ErrorAction => command(t('Check Connection'), commands.checkConnection);
const retry = (): ErrorAction => ({ kind: 'retry', title: t('Try Again') });
const showProblems = (): ErrorAction => ({ kind: 'showProblems', title: t('Show Problems') });
const search = (): ErrorAction => command(t('Search Models'), commands.searchModels);

/** `details.url`, where the error names a page on the hub. */
function pageOf(error: StudioError): ErrorAction[] {
  const url = error.details?.['url'];
  return typeof url === 'string' && /^https?:\/\//.test(url)
    ? [{ kind: 'openPage', title: t("Open the Model's Page"), url }]
    : [];
}

const advice: Readonly<Record<ErrorKind, (error: StudioError) => ErrorAdvice>> = {
  internal: (error) => ({
    headline: t('Goya met an unexpected error.'),
    actions: error.retryable ? [retry(), showLog()] : [showLog(), restart()],
  }),
  cancelled: () => ({ headline: t('It was cancelled.'), actions: [] }),
  'hub.notFound': (error) => ({
    headline: t('The hub does not have it.'),
    actions: [search(), setToken(error)],
  }),
  'hub.unauthorized': (error) => ({ headline: t('The hub refused the token.'), actions: [setToken(error)] }),
  'hub.gated': (error) => ({
    headline: t('The hub refused this model: its licence must be accepted first.'),
    actions: [...pageOf(error), setToken(error)],
  }),
  'hub.rateLimited': () => ({
    headline: t('The hub asks to wait before more requests.'),
    actions: [retry(), setToken()],
  }),
  'hub.unreachable': () => ({
    headline: t('The hub cannot be reached. A mirror may help.'),
    actions: [retry(), checkConnection()],
  }),
  'hub.invalidResponse': () => ({
    headline: t('The hub answered with something unexpected.'),
    actions: [retry(), settingsOf(settingKeys.hubEndpoint)],
  }),
  'download.checksum': () => ({ headline: t('A file arrived damaged.'), actions: [retry(), showLog()] }),
  'download.diskFull': () => ({
    headline: t('The disk is full.'),
    actions: [retry(), settingsOf(settingKeys.modelsPath)],
  }),
  'download.unsafePath': () => ({
    headline: t('The repository has a file name that is not safe.'),
    actions: [showLog()],
  }),
  'download.notFound': () => ({ headline: t('That download is no longer on the list.'), actions: [] }),
  'download.writeFailed': () => ({
    headline: t('A file could not be written.'),
    actions: [retry(), settingsOf(settingKeys.modelsPath)],
  }),
  'download.invalidState': () => ({ headline: t('The download is not in a state for that.'), actions: [] }),
  'model.notFound': () => ({ headline: t('That model is no longer in the library.'), actions: [search()] }),
  'model.unsupported': () => ({ headline: t('Goya cannot run this model.'), actions: [showLog()] }),
  'model.corrupt': () => ({ headline: t("The model's files are damaged."), actions: [retry(), showLog()] }),
  'model.unsafe': () => ({ headline: t('The model has files that are not safe to load.'), actions: [] }),
  'model.inUse': () => ({ headline: t('The model is in use.'), actions: [retry()] }),
  'inference.invalidInput': () => ({ headline: t('The model takes other input.'), actions: [] }),
  'training.invalidConfig': () => ({
    headline: t('The training config has errors.'),
    actions: [showProblems()],
  }),
  'training.invalidData': () => ({ headline: t('The training data has errors.'), actions: [showProblems()] }),
  'training.notFound': () => ({ headline: t('That run is no longer on the list.'), actions: [] }),
  'training.invalidState': () => ({ headline: t('The run is not in a state for that.'), actions: [] }),
  'training.diverged': () => ({
    headline: t('The loss left the range of numbers: a smaller learning rate may help.'),
    actions: [command(t('Open Dashboard'), commands.openDashboard), showLog()],
  }),
  'training.outputFailed': () => ({
    headline: t('The trained model could not be written.'),
    actions: [retry(), showLog()],
  }),
  'dataset.notFound': () => ({ headline: t('The data set is not there.'), actions: [] }),
  'dataset.unsupported': () => ({ headline: t('Goya does not know this kind of data.'), actions: [] }),
  'dataset.changed': () => ({ headline: t('The data set has changed meanwhile.'), actions: [retry()] }),
  'dataset.writeFailed': () => ({
    headline: t('The data set could not be written.'),
    actions: [retry(), showLog()],
  }),
  'dataset.tooLarge': () => ({ headline: t('The data set is too large.'), actions: [] }),
  'engine.unavailable': () => ({
    headline: t('The engine does not run on this machine.'),
    actions: [settingsOf(settingKeys.trainingEngine), showLog()],
  }),
  'database.unavailable': () => ({
    headline: t('The database cannot be reached.'),
    actions: [settingsOf(settingKeys.databaseUrl), checkConnection()],
  }),
  'database.locked': () => ({
    headline: t('Another window uses the same state folder.'),
    actions: [restart(), settingsOf(settingKeys.storagePath)],
  }),
  'plugin.failed': () => ({ headline: t('A plugin failed.'), actions: [showLog()] }),
  'settings.invalid': () => ({
    headline: t('A setting is not valid.'),
    actions: [settingsOf(''), restart()],
  }),
};

/**
 * As short as the row of a tree. In Persian it says the first sentence only: the row runs from left to right, so of a
 * longer text the beginning would be cut off.
 */
export function inBrief(error: StudioError): string {
  if (language() === 'en') return error.message;
  const [first = ''] = advice[error.kind](error)
    .headline.replace(/[\u2067-\u2069]/g, '')
    .split(/[.؛:]/);
  return sentences(first);
}

/** What to show for any thrown value; undefined when there is nothing to say (the person cancelled). */
export function explain(
  thrown: unknown,
): { readonly message: string; readonly actions: readonly ErrorAction[] } | undefined {
  const error = toStudioError(thrown);
  if (error.kind === 'cancelled') return undefined;
  const { headline, actions } = advice[error.kind](error);
  const message = language() === 'en' ? error.message : sentences(headline, isolate(error.message, headline));
  return { message, actions };
}
