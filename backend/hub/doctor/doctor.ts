/**
 * The network doctor: asks every part of the way to the hub by itself, and the other ways beside it, all at once, so
 * that a person behind a filter learns within seconds what fails and which way works.
 */
import type { ConnectionCheck, ConnectionReport } from '../../../protocol/api/hub';
import { say } from '../../language/say';
import { cancelled } from '../cancelled';
import { hostOf, offlineError } from '../errors';
import { createHttp } from '../http';
import type { HubOptions } from '../options';
import { proxyFor, type Environment, type NetworkSettings, type Proxy } from '../proxies';
import { advice } from './advice';
import { check, findingOf, type Finding } from './checks';
import { askName, openLine, shakeHands, targetOf, type Target } from './line';
import { knownHubs, otherHubs } from './mirrors';
import { probe, type Probe } from './probe';
import { chooseRoute, otherWays, type Way } from './route';

export interface DoctorOptions {
  readonly hub: HubOptions;
  readonly network: NetworkSettings;
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly mirrors?: readonly string[];
  /** Milliseconds for each part; all run at once. */
  readonly timeout?: number;
}

/** Signed addresses and certificates fail beyond this, in milliseconds. */
const worstClock = 5 * 60_000;

export async function examine(options: DoctorOptions): Promise<ConnectionReport> {
  const { hub, signal } = options;
  if (hub.offline) return offlineReport(hub.endpoint);
  const own: Way = { endpoint: hub.endpoint, network: options.network };
  const mirrors = otherHubs(hub.endpoint, options.env, options.mirrors ?? knownHubs);
  const ways = otherWays(own, mirrors, options.env);
  const [line, ownProbe, found] = await Promise.all([
    examineLine(options),
    probeWay(options, own),
    Promise.all(ways.map(async (way) => ({ way, probe: await probeWay(options, way) }))),
  ]);
  if (signal.aborted) throw cancelled(signal.reason);
  const checks = [
    ...line,
    ownProbe.hub,
    ownProbe.cdn,
    await check('clock', undefined, signal, () =>
      Promise.resolve(clock([ownProbe, ...found.map((each) => each.probe)])),
    ),
  ];
  const ok = [ownProbe.hub, ownProbe.cdn].every((each) => each.ok);
  const route = ok ? undefined : chooseRoute(own, found);
  return {
    ok: checks.every((each) => each.ok),
    checks: [
      ...checks,
      ...found
        .filter(({ way }) => way.endpoint !== hub.endpoint && way.network === own.network)
        .map(mirrorCheck),
    ],
    ...(route === undefined ? {} : { route }),
  };
}

function offlineReport(endpoint: string): ConnectionReport {
  const { detail } = findingOf(offlineError(endpoint));
  return {
    ok: false,
    checks: [
      {
        name: 'hub',
        ok: false,
        host: hostOf(endpoint),
        detail,
        finding: 'offline',
        advice: advice.offline(),
        ms: 0,
      },
    ],
  };
}

async function probeWay({ hub, env, signal, timeout = 9000 }: DoctorOptions, way: Way): Promise<Probe> {
  const http = createHttp({
    connectTimeout: Math.min(6000, timeout),
    headersTimeout: timeout,
    network: () => way.network,
    env,
  });
  try {
    const token = way.endpoint === hub.endpoint ? hub.token : undefined;
    return await probe({ http, endpoint: way.endpoint, token, signal, timeout });
  } finally {
    await http.close();
  }
}

/** Proxy, name, connection and encryption of the configured way. */
async function examineLine(options: DoctorOptions): Promise<ConnectionCheck[]> {
  const { hub, network, env, signal, timeout = 9000 } = options;
  const host = hostOf(hub.endpoint);
  if (!URL.canParse(hub.endpoint)) {
    const bad: Finding = { detail: say`${hub.endpoint} is not an address`, finding: 'notAHub' };
    return [await check('connection', host, signal, () => Promise.resolve(bad))];
  }
  const soon = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  const target = targetOf(hub.endpoint);
  const strict = network.strictTls !== false;
  const url = new URL(hub.endpoint);
  const address = await check('proxy', undefined, signal, () => {
    proxyFor(url, network, env);
    return Promise.resolve({ detail: say`no proxy is set`, skipped: true });
  });
  if (!address.ok) return [address];
  const proxy = proxyFor(url, network, env);
  const line = openLine(target, proxy, strict, soon);
  const connection = check(
    proxy === undefined ? 'connection' : 'proxy',
    proxy?.host ?? host,
    signal,
    async () => {
      await line;
      return { detail: connectedBy(target, proxy) };
    },
  );
  const tls = check('tls', host, signal, () => encryption(target, line, proxy, strict, soon));
  const name = check('dns', target.host, signal, () =>
    proxy === undefined
      ? askName(target, soon)
      : Promise.resolve({ detail: say`the proxy looks names up`, skipped: true }),
  );
  try {
    return [...(proxy === undefined ? [address] : []), ...(await Promise.all([name, connection, tls]))];
  } finally {
    line.then(
      (socket) => socket.destroy(),
      () => undefined,
    );
  }
}

function connectedBy({ host, port }: Target, proxy: Proxy | undefined): string {
  const target = `${host}:${port}`;
  if (proxy === undefined) return say`${target} accepts connections`;
  const what = proxy.kind === 'socks' ? say`accepts connections` : say`leads to ${target}`;
  return say`the proxy ${proxy.host} (from ${proxy.source}) ${what}`;
}

async function encryption(
  target: Target,
  line: ReturnType<typeof openLine>,
  proxy: Proxy | undefined,
  strict: boolean,
  signal: AbortSignal,
): Promise<Finding> {
  if (!target.encrypted) return { detail: say`http:// is not encrypted`, skipped: true };
  if (proxy?.kind === 'socks') return { detail: say`seen with the hub itself`, skipped: true };
  const socket = await line.catch(() => undefined);
  if (socket === undefined) return { detail: say`not asked: there is no connection`, skipped: true };
  const agreed = await shakeHands(target, socket, strict, signal);
  return { detail: strict ? agreed : say`${agreed} (not checked: http.proxyStrictSSL is off)` };
}

function clock(probes: readonly Probe[]): Finding {
  const ahead = probes.map((each) => each.ahead).find((each) => each !== undefined);
  if (ahead === undefined) return { detail: say`nobody told the time`, skipped: true };
  const seconds = Math.round(Math.abs(ahead) / 1000);
  const detail =
    ahead < 0
      ? say`this machine is ${seconds} s behind the hub`
      : say`this machine is ${seconds} s ahead of the hub`;
  return Math.abs(ahead) > worstClock ? { detail, finding: 'clock' } : { detail };
}

/** A mirror is of use only when its files come too. */
function mirrorCheck({ way, probe: found }: { way: Way; probe: Probe }): ConnectionCheck {
  const failed = [found.hub, found.cdn].find((each) => !each.ok);
  return {
    ...(failed ?? found.hub),
    name: 'mirror',
    host: hostOf(way.endpoint),
    ms: found.hub.ms + found.cdn.ms,
  };
}
