import type { StudioError } from '../../protocol/wire/errors';
import { errorCode, unavailable } from './errors';
import type { ServerAddress } from './serverAddress';

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'EACCES',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** Shutting down, crashed, starting up, too many connections, and the class of connection failures. */
const passingStates = new Set([
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08000',
  '08003',
  '08006',
  '08001',
  '08004',
]);
const lostMessages =
  /Connection terminated|connection timeout|timeout exceeded|timeout expired|read timeout|not queryable/i;

/** The line or the server is gone for now: a new connection may do. */
export function isConnectionLoss(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined && (networkCodes.has(code) || passingStates.has(code))) return true;
  return error instanceof Error && lostMessages.test(error.message);
}

export function refusesTls(error: unknown): boolean {
  return error instanceof Error && error.message.includes('does not support SSL');
}

/** What a failed connection or query means for the user; undefined when the statement itself was at fault. */
export function serverError(error: unknown, address: ServerAddress): StudioError | undefined {
  const code = errorCode(error);
  const { name } = address;
  const options = { cause: error, details: { server: name, ...(code && { code }) } };
  if (isConnectionLoss(error)) {
    const why =
      code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 'its host name is not known' : lossReason(code);
    return unavailable(
      'unreachable',
      `The PostgreSQL server ${name} cannot be reached: ${why}. Check the address, the network and that the server runs, or remove the address to use the embedded database.`,
      { ...options, retryable: true },
    );
  }
  const refused = refusal(code, error, address);
  if (refused !== undefined) return unavailable('refused', refused, options);
  if (code === '57014') {
    return unavailable('unreachable', `The PostgreSQL server ${name} did not answer in time.`, {
      ...options,
      retryable: true,
    });
  }
  if (code === '53100') {
    return unavailable(
      'diskFull',
      `The disk of the PostgreSQL server ${name} is full; free some space there.`,
      {
        ...options,
        retryable: true,
      },
    );
  }
  if (code === '25006') {
    return unavailable(
      'readOnly',
      `The PostgreSQL server ${name} is read-only (a standby, perhaps). Use the address of the primary.`,
      options,
    );
  }
  return undefined;
}

function lossReason(code: string | undefined): string {
  if (code === '53300') return 'it has no connection left';
  if (code?.startsWith('57P') === true) return 'it is starting up or shutting down';
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'nothing listens there';
  return code === undefined
    ? 'it did not answer in time or closed the connection'
    : `the connection failed (${code})`;
}

function refusal(code: string | undefined, error: unknown, address: ServerAddress): string | undefined {
  const { name, user, database } = address;
  const message = error instanceof Error ? error.message : '';
  if (code === '28P01' || code === '28000' || /password must be a string/.test(message)) {
    return `The PostgreSQL server ${name} refuses the user ${user ?? '(none given)'}; check the user name, the password and pg_hba.conf.`;
  }
  if (code === '3D000') {
    return `The PostgreSQL server ${name} has no database ${database ?? '(none given)'}; create it (CREATE DATABASE) or correct the address.`;
  }
  if (code === '42501') {
    return `The user ${user ?? '(none given)'} may not create or use Goya's tables on ${name}; grant it CREATE and USAGE on the schema public (${message}).`;
  }
  if (refusesTls(error))
    return `The PostgreSQL server ${name} does not speak TLS; ask for sslmode=disable or turn TLS on there.`;
  if (/certificate|self-signed|altnames/i.test(`${code ?? ''} ${message}`)) {
    return `The certificate of the PostgreSQL server ${name} is not trusted (${message}); give its authority with sslrootcert=, or use sslmode=require to encrypt without checking.`;
  }
  return undefined;
}
