/** What lies under the requests: the name, the proxy, the connection and its encryption, each asked by itself. */
import { lookup } from 'node:dns/promises';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { listed, say } from '../../language/say';
import { ProxyFailure } from '../networkReasons';
import { isLoopback, type Proxy } from '../proxies';
import type { Finding } from './checks';
import { knownHubs } from './mirrors';

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly encrypted: boolean;
}

export function targetOf(endpoint: string): Target {
  const { hostname, port, protocol } = new URL(endpoint);
  const encrypted = protocol === 'https:';
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (encrypted ? 443 : 80), encrypted };
}

type Lookup = (host: string) => Promise<readonly { readonly address: string }[]>;
const systemLookup: Lookup = (host) => lookup(host, { all: true });

/** By the system's resolver, as every connection does. */
export async function askName(
  { host }: Target,
  signal: AbortSignal,
  resolve = systemLookup,
): Promise<Finding> {
  if (isIP(host) !== 0) return { detail: say`${host} is an address, not a name`, skipped: true };
  const addresses = (await orAborted(resolve(host), signal)).map(({ address }) => address);
  const detail = say`${host} is ${listed(addresses)}`;
  const isPublic = knownHubs.some((known) => new URL(known).hostname === host);
  return isPublic && addresses.every(isPrivate) ? { detail, finding: 'diverted' } : { detail };
}

/** Where a filter leads a name to: no public host lives there. */
function isPrivate(address: string): boolean {
  return (
    isLoopback(address) ||
    /^(0|10|127)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\.|^(::|f[cd]|fe80)/i.test(address)
  );
}

/** A connection to the target, through the proxy's tunnel if there is one. The caller ends it. */
export function openLine(
  target: Target,
  proxy: Proxy | undefined,
  strict: boolean,
  signal: AbortSignal,
): Promise<Socket> {
  return proxy === undefined ? openDirect(target, signal) : openTunnel(target, proxy, strict, signal);
}

function openDirect({ host, port }: Target, signal: AbortSignal): Promise<Socket> {
  const socket = connectPlain({ host, port });
  return ready(socket, 'connect', signal);
}

/** Rejects with a `ProxyFailure` that tells what the proxy answered. */
function openTunnel(target: Target, proxy: Proxy, strict: boolean, signal: AbortSignal): Promise<Socket> {
  const { hostname, port, protocol } = new URL(proxy.uri);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (proxy.kind === 'socks')
    return openDirect({ host, port: Number(port) || 1080, encrypted: false }, signal);
  const send = protocol === 'https:' ? tlsRequest : plainRequest;
  const { promise, resolve, reject } = deferred<Socket>();
  const request = send({
    host,
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
    method: 'CONNECT',
    path: `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`,
    headers: proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization },
    agent: false,
    signal,
    rejectUnauthorized: strict,
  });
  const refuse = (status: number): void => {
    request.destroy();
    reject(new ProxyFailure(proxy, status, new Error(`Proxy response (${status})`)));
  };
  request
    .on('connect', (answer, socket) => {
      socket.on('error', () => undefined);
      if (answer.statusCode === 200) resolve(socket);
      else refuse(answer.statusCode ?? 0);
    })
    .on('response', (answer) => refuse(answer.statusCode ?? 0))
    .on('error', (error) => reject(signal.aborted ? error : new ProxyFailure(proxy, undefined, error)))
    .end();
  return promise;
}

/** The handshake on an open connection; answers what was agreed on. */
export async function shakeHands(
  { host }: Target,
  line: Socket,
  strict: boolean,
  signal: AbortSignal,
): Promise<string> {
  const socket = connectTls({
    socket: line,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    host,
    rejectUnauthorized: strict,
  });
  await ready(socket, 'secureConnect', signal);
  const issuer = socket.getPeerCertificate().issuer as { O?: string; CN?: string } | undefined;
  const by = issuer?.O ?? issuer?.CN;
  socket.destroy();
  const protocol = socket.getProtocol() ?? 'TLS';
  return by === undefined ? protocol : say`${protocol}, certificate by ${by}`;
}

function ready<S extends Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<S> {
  const { promise, resolve, reject } = deferred<S>();
  const stop = (): void => {
    socket.destroy();
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', stop, { once: true });
  socket.once(event, () => resolve(socket)).on('error', reject);
  socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
  if (signal.aborted) stop();
  return promise.finally(() => signal.removeEventListener('abort', stop));
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = deferred<T>();
  const stop = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  work.then(resolve, reject);
  return promise.finally(() => signal.removeEventListener('abort', stop));
}

function deferred<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: Error) => void;
} {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}
