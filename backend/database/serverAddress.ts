import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { unavailable } from './errors';

const sslModes = ['disable', 'allow', 'prefer', 'require', 'no-verify', 'verify-ca', 'verify-full'] as const;
type SslMode = (typeof sslModes)[number];

/** A `postgres://` address, taken apart. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly database: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly applicationName: string;
  /** Tried in this order; the next one only when the server does not speak TLS. */
  readonly ssl: readonly (ConnectionOptions | false)[];
  /** `host:port/database`: what messages may show. Never the user's password. */
  readonly name: string;
}

/** Rejects with `database.unavailable`, without repeating the address: it may hold a password. */
export function parseServerAddress(text: string): ServerAddress {
  const url = parseUrl(text);
  const given = (key: string): string | undefined => url.searchParams.get(key) ?? undefined;
  const host = given('host') ?? (decodeURIComponent(url.hostname).replace(/^\[(.+)\]$/, '$1') || 'localhost');
  const port = Number(given('port') ?? (url.port || '5432'));
  const database = given('dbname') ?? (decodeURIComponent(url.pathname.slice(1)) || undefined);
  return {
    host,
    port,
    database,
    user: given('user') ?? (decodeURIComponent(url.username) || undefined),
    password: given('password') ?? (decodeURIComponent(url.password) || undefined),
    applicationName: given('application_name') ?? 'goya',
    ssl: sslChoices(given('sslmode'), host, given),
    name: `${host.includes(':') ? `[${host}]` : host}:${port}${database === undefined ? '' : `/${database}`}`,
  };
}

function parseUrl(text: string): URL {
  try {
    // `user@/database?host=/socket` is what libpq takes, but no URL for the parser: the host comes from the query.
    const url = new URL(text.trim().replace('@/', '@localhost/'));
    if (url.protocol === 'postgres:' || url.protocol === 'postgresql:') return url;
  } catch {
    // Below: the parser's own error would repeat the address with its password.
  }
  throw unavailable(
    'badAddress',
    'The database address is not one of a PostgreSQL server. It should look like postgres://user:password@host:5432/database; correct DATABASE_URL or the setting, or remove it to use the embedded database.',
  );
}

/** As libpq reads them: `require` encrypts without asking who answers, `verify-full` asks. Without a mode, `prefer`. */
function sslChoices(
  mode: string | undefined,
  host: string,
  given: (key: string) => string | undefined,
): (ConnectionOptions | false)[] {
  if (host.startsWith('/')) return [false];
  const known = sslModes.find((name) => name === (mode ?? 'prefer'));
  if (known === undefined) {
    throw unavailable(
      'badAddress',
      `The database address has sslmode=${mode ?? ''}, which is none of ${sslModes.join(', ')}.`,
    );
  }
  const files = {
    ...certificate('ca', given('sslrootcert')),
    ...certificate('cert', given('sslcert')),
    ...certificate('key', given('sslkey')),
  };
  const blind = { ...files, rejectUnauthorized: false };
  const sameChain = { ...files, checkServerIdentity: () => undefined };
  const choices: Record<SslMode, (ConnectionOptions | false)[]> = {
    disable: [false],
    allow: [false, blind],
    prefer: [blind, false],
    require: ['ca' in files ? sameChain : blind],
    'no-verify': [blind],
    'verify-ca': [sameChain],
    'verify-full': [files],
  };
  return choices[known];
}

function certificate(name: 'ca' | 'cert' | 'key', file: string | undefined): ConnectionOptions {
  if (file === undefined || file === 'system') return {};
  try {
    return { [name]: readFileSync(file, 'utf8') };
  } catch (error) {
    throw unavailable('badAddress', `The certificate file ${file} of the database address cannot be read.`, {
      cause: error,
    });
  }
}
