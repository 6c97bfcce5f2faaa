/** What the network doctor found, as Markdown for people, in their language. Pure. */
import type { ConnectionCheck, ConnectionFinding, ConnectionReport } from '../../protocol/api/hub';
import { hostOf } from '../hubEndpoint';
import { isolate } from '../text/bidi';
import { sentences, t } from '../text/translate';
import { escapeMarkdown as text } from '../views/looks/look';
import { milliseconds, reportTable } from './reportTable';

export function networkReportText({ checks, route }: ConnectionReport): string {
  const rows = checks.map((check) => [
    check.skipped === true ? '–' : check.ok ? '✓' : '✗',
    text(partName(check.name)),
    text(check.host ?? ''),
    text(check.detail),
    check.skipped === true ? '' : milliseconds(check.ms),
  ]);
  const steps = checks.flatMap(({ name, host, finding }) =>
    finding === undefined || name === 'mirror'
      ? []
      : [`- **${text([partName(name), host ?? ''].filter(Boolean).join(' '))}**: ${text(todoFor(finding))}`],
  );
  const head = ['', t('Part'), t('Address'), t('What was found'), t('Time')];
  return [
    `## ${t('Network')}`,
    ...(route === undefined ? [] : [`**${text(adviceFor(route))}**`]),
    reportTable(head, rows),
    ...(steps.length === 0 ? [] : [`### ${t('What to do')}`, [...new Set(steps)].join('\n')]),
  ].join('\n\n');
}

export const adviceFor = (route: NonNullable<ConnectionReport['route']>): string =>
  sentences(t('The hub cannot be reached as configured.'), routeSentence(route));

export function routeSentence({ endpoint, proxy }: NonNullable<ConnectionReport['route']>): string {
  const host = endpoint === undefined ? undefined : isolate(hostOf(endpoint), t('{0} answers.'));
  if (host === undefined) {
    return proxy === 'direct'
      ? t('It answers without the proxy.')
      : t('It answers through the proxy of the environment.');
  }
  if (proxy === 'direct') return t('{0} answers, without the proxy.', host);
  return t('{0} answers.', host);
}

function partName(name: ConnectionCheck['name']): string {
  switch (name) {
    case 'proxy':
      return t('Proxy');
    case 'dns':
      return t('Name (DNS)');
    case 'connection':
      return t('Connection');
    case 'tls':
      return t('Encryption (TLS)');
    case 'hub':
      return t('Hub');
    case 'cdn':
      return t('Host of the files');
    case 'clock':
      return t('Clock');
    case 'mirror':
      return t('Mirror');
  }
}

const todos: Readonly<Record<ConnectionFinding, () => string>> = {
  dns: () =>
    t(
      'Check that this machine is online and the address is right; use another DNS server, a mirror or a proxy.',
    ),
  diverted: () =>
    t('This network leads the hub’s name elsewhere: use another DNS server, a mirror or a proxy.'),
  refused: () => t('Check the address, its port and the firewall; else use a mirror or a proxy.'),
  cut: () => t('Something on the way cuts the connection, as filters do: use a mirror or a proxy.'),
  timeout: () =>
    t(
      'Nothing came back: the line is slow, or something on the way drops it. Try again, or use a mirror or a proxy.',
    ),
  noRoute: () => t('Check that this machine is online.'),
  tls: () =>
    t(
      'Something stands between. Where that is your own network, name its certificate in NODE_EXTRA_CA_CERTS and restart the editor.',
    ),
  clock: () => t('Set this machine’s date and time: certificates and signed addresses depend on them.'),
  proxy: () =>
    t('Correct or clear the proxy: goya.hub.proxy, http.proxy, or HTTPS_PROXY in the environment.'),
  proxyLogin: () => t('Put user and password into the proxy’s address, or into http.proxyAuthorization.'),
  blocked: () => t('The hub refuses this network: use a mirror or a proxy.'),
  server: () => t('The hub has a problem of its own: try again later, or use a mirror.'),
  notAHub: () =>
    t('What answers there is not a hub: check goya.hub.endpoint, and that no login page stands between.'),
  token: () => t('Set a valid token, or forget the one that is set.'),
  offline: () => t('Unset HF_HUB_OFFLINE and restart the backend.'),
  failed: () => t('Try again, or use a mirror or a proxy.'),
};

const todoFor = (finding: ConnectionFinding): string => todos[finding]();
