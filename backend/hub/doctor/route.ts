/** Which other ways there are to a hub, and which of those that work to advise. */
import type { ConnectionReport } from '../../../protocol/api/hub';
import { say } from '../../language/say';
import { hostOf } from '../errors';
import { ProxyAddressError, proxyFor, type Environment, type NetworkSettings, type Proxy } from '../proxies';
import type { Probe } from './probe';

export interface Way {
  readonly endpoint: string;
  readonly network: NetworkSettings;
}

type Route = NonNullable<ConnectionReport['route']>;

/** In the order in which they are advised: the same hub by another line first, then other hubs. */
export function otherWays(own: Way, mirrors: readonly string[], env: Environment): Way[] {
  const ways: Way[] = [];
  const proxied = usedProxy(own, env) !== undefined;
  const { network } = own;
  if (proxied) ways.push({ ...own, network: { ...network, proxy: 'direct' } });
  const inherited = { ...network, proxy: 'environment' };
  const fromEnvironment = usedProxy({ ...own, network: inherited }, env);
  if (!['', 'environment'].includes(network.proxy ?? '') && fromEnvironment !== undefined)
    ways.push({ ...own, network: inherited });
  for (const endpoint of mirrors) {
    ways.push({ endpoint, network });
    if (proxied) ways.push({ endpoint, network: { ...network, proxy: 'direct' } });
  }
  return ways;
}

/** A malformed address counts as a proxy: the ways without it are to be tried. */
function usedProxy({ endpoint, network }: Way, env: Environment): Proxy | 'malformed' | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  try {
    return proxyFor(new URL(endpoint), network, env);
  } catch (error) {
    if (error instanceof ProxyAddressError) return 'malformed';
    throw error;
  }
}

/** The first way whose hub and files both answer; undefined when there is none. */
export function chooseRoute(
  own: Way,
  found: readonly { readonly way: Way; readonly probe: Probe }[],
): Route | undefined {
  const works = found.find(({ probe }) => probe.hub.ok && probe.cdn.ok);
  if (works === undefined) return undefined;
  const { endpoint, network } = works.way;
  const elsewhere = endpoint !== own.endpoint;
  const otherProxy = network.proxy !== own.network.proxy;
  const host = hostOf(endpoint);
  const explanation = !otherProxy
    ? say`${host} can be reached from here.`
    : network.proxy === 'direct'
      ? say`${host} can be reached without the proxy from here.`
      : say`${host} can be reached through the environment's proxy from here.`;
  return {
    ...(elsewhere ? { endpoint } : {}),
    ...(otherProxy ? { proxy: network.proxy ?? '' } : {}),
    explanation,
  };
}
