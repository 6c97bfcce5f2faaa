/** The head of the page: what it is, under which licence, who may have it, and whether it runs here. */
import type { HubModelDetails } from '../../protocol/model/hubModel';
import type { Model } from '../../protocol/model/model';
import { pageCommands } from '../common/commands';
import { h, type Child } from '../common/dom';
import { isolate } from '../common/i18n/translate';
import { icon, type IconName } from '../common/icons';
import type { Page } from '../common/page';
import { button } from '../common/toolkit';
import { link } from './cardView';

export interface HeadActions {
  /** Asks the hub again, after its conditions were accepted. */
  recheck(): void;
}

export interface Shown {
  readonly repoId: string;
  readonly details?: HubModelDetails | undefined;
  readonly installed?: Model | undefined;
  readonly pageUrl: string;
}

export function headView(page: Page<unknown>, actions: HeadActions) {
  const { t, format } = page;
  const title = h('bdi');
  const facts = h('p', { class: 'muted', id: 'facts' });
  const lines = h('div', { class: 'lines' });
  const element = h('header', { class: 'model-head' }, h('h1', {}, title), facts, lines);

  const line = (name: IconName, part: string, tone: string, ...children: Child[]): HTMLElement =>
    h('div', { class: `line ${tone}`, attrs: { 'data-part': part } }, icon(name), h('div', {}, ...children));

  const licence = ({ details, installed }: Shown): HTMLElement | undefined => {
    // Nothing is known of a page that did not come.
    if (details === undefined && installed === undefined) return undefined;
    const named = details?.licence ?? installed?.licence;
    const note = details?.licenceNote;
    return line(
      'law',
      'licence',
      note !== undefined || named === undefined ? 'warn' : '',
      named === undefined ? t('hub.noLicence') : h('span', {}, `${t('hub.licence')}: `, h('bdi', {}, named)),
      note !== undefined && h('p', { dir: 'auto' }, note),
    );
  };
  const access = ({ details, repoId }: Shown): HTMLElement | undefined => {
    const { access: open } = details ?? {};
    if (details?.private === true) return line('lock', 'access', '', t('hub.private'));
    if (open === undefined || open.gated === false) return undefined;
    if (open.granted === true) return line('pass', 'access', '', t('hub.granted'));
    return line(
      'lock',
      'access',
      'warn',
      h('p', {}, t(open.gated === 'auto' ? 'hub.gatedAuto' : 'hub.gatedManual', { name: isolate(repoId) })),
      h(
        'ol',
        { class: 'steps' },
        h('li', {}, link(page, open.url, [t('hub.stepAccept')])),
        h('li', {}, t('hub.stepToken')),
        h('li', {}, t('hub.stepCheck')),
      ),
      h(
        'div',
        { class: 'row' },
        button({
          id: 'set-token',
          label: t('hub.setToken'),
          icon: 'key',
          onClick: () => page.command(pageCommands.setToken),
        }),
        button({ id: 'recheck', label: t('hub.recheck'), icon: 'refresh', onClick: () => actions.recheck() }),
      ),
    );
  };
  const verdict = ({ details }: Shown): HTMLElement | undefined => {
    if (details === undefined) return undefined;
    const { verdict: word, reason } = details.runsHere;
    const look = { yes: 'pass', slow: 'clock', no: 'circleSlash', unknown: 'question' } as const;
    const other = details.comparable;
    return line(
      look[word],
      'verdict',
      word,
      h('strong', {}, t(`hub.verdict.${word}`)),
      h('p', { dir: 'auto' }, reason),
      other !== undefined &&
        h(
          'div',
          { class: 'row' },
          button({
            id: 'comparable',
            label: t('hub.openComparable', { name: isolate(other.title) }),
            onClick: () =>
              page.command(pageCommands.openModelPage, { repoId: other.repoId, include: other.include }),
          }),
        ),
    );
  };
  const weights = ({ details }: Shown): HTMLElement | undefined => {
    const told = details?.weights;
    if (told === undefined || told.formats.length === 0) return undefined;
    const { onnx, memoryBytes, pickle } = told;
    const parts = [
      told.formats.join(', '),
      told.architecture,
      memoryBytes === undefined ? undefined : t('hub.memory', { size: format.bytes(memoryBytes) }),
      onnx?.producer,
      onnx?.irVersion === undefined ? undefined : `IR ${onnx.irVersion}`,
    ].filter((part) => part !== undefined);
    return line(
      'info',
      'weights',
      '',
      h('span', {}, ...parts.flatMap((part, at) => [at > 0 && ' · ', h('bdi', {}, part)])),
      onnx !== undefined && onnxFacts(page, onnx),
      pickle !== 'none' &&
        h(
          'p',
          { class: 'risk', attrs: { 'data-pickle': pickle } },
          icon('warning'),
          t(`hub.pickle.${pickle}`),
        ),
    );
  };
  let seen = '';
  return {
    element,
    show: (shown: Shown): void => {
      // A download tells of itself several times a second: a link that is made anew would lose the focus.
      const now = JSON.stringify(shown);
      if (now === seen) return;
      seen = now;
      const { details, repoId, pageUrl } = shown;
      title.textContent = repoId;
      const counts = details && [
        details.task,
        t('hub.downloads', { n: format.integer(details.downloads) }),
        t('hub.likes', { n: format.integer(details.likes) }),
        details.languages.join(', '),
        details.lastModified === undefined
          ? undefined
          : t('hub.changed', { date: format.dateTime(details.lastModified) }),
      ];
      facts.replaceChildren(
        ...(counts ?? []).flatMap((part) =>
          part === undefined || part === '' ? [] : [h('bdi', {}, part), ' · '],
        ),
        link(page, pageUrl, [t('hub.onTheHub')]),
      );
      lines.replaceChildren(
        ...[licence(shown), access(shown), verdict(shown), weights(shown)].filter(
          (each) => each !== undefined,
        ),
      );
    },
  };
}

function onnxFacts(
  page: Page<unknown>,
  onnx: NonNullable<NonNullable<HubModelDetails['weights']>['onnx']>,
): HTMLElement {
  const tensor = ({
    name,
    type,
    shape,
  }: {
    name: string;
    type?: string | undefined;
    shape?: readonly (number | string)[] | undefined;
  }): string =>
    `${name}${type === undefined ? '' : `: ${type}`}${shape === undefined ? '' : ` [${shape.join(', ')}]`}`;
  const rows = [
    [
      'opset',
      onnx.opsets.map(({ domain, version }) => `${domain === '' ? 'ai.onnx' : domain} ${version}`).join(', '),
    ],
    ['inputs', (onnx.inputs ?? []).map(tensor).join(', ')],
    ['outputs', (onnx.outputs ?? []).map(tensor).join(', ')],
    ...Object.entries(onnx.properties).slice(0, 40),
  ].filter(([, value]) => value !== '');
  return h(
    'details',
    { attrs: { 'data-part': 'onnx' } },
    h('summary', {}, page.t('hub.onnxFacts', { file: isolate(onnx.path) })),
    h(
      'dl',
      { class: 'onnx', dir: 'ltr' },
      ...rows.flatMap(([key, value]) => [h('dt', {}, key), h('dd', { dir: 'auto' }, value)]),
    ),
  );
}
