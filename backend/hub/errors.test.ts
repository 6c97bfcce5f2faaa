import { describe, expect, it } from 'vitest';
import { errorFromNetwork, errorFromResponse, retryAfterSeconds, type Refusal } from './errors';

const headers =
  (values: Record<string, string>) =>
  (name: string): string | null =>
    values[name] ?? null;
const refusal = (
  status: number,
  more: Partial<Refusal> & { headers?: Record<string, string> } = {},
): Refusal => ({
  url: 'https://hub.example/api/models/org/voice?secret=1',
  status,
  header: headers(more.headers ?? {}),
  body: '',
  withToken: false,
  subject: 'org/voice',
  ...more,
});

describe('a refusal', () => {
  it.each<[string, Refusal, string, boolean]>([
    ['gated', refusal(401, { headers: { 'x-error-code': 'GatedRepo' } }), 'hub.gated', false],
    [
      'gated to this account',
      refusal(403, { withToken: true, headers: { 'x-error-code': 'GatedRepo' } }),
      'hub.gated',
      false,
    ],
    [
      'a bad token',
      refusal(401, { withToken: true, headers: { 'x-error-code': 'RepoNotFound' } }),
      'hub.unauthorized',
      false,
    ],
    [
      'hidden from strangers',
      refusal(401, { headers: { 'x-error-code': 'RepoNotFound' } }),
      'hub.notFound',
      false,
    ],
    ['needs a token', refusal(401), 'hub.unauthorized', false],
    ['no such repository', refusal(404, { withToken: true }), 'hub.notFound', false],
    [
      'no such revision',
      refusal(404, { headers: { 'x-error-code': 'RevisionNotFound' } }),
      'hub.notFound',
      false,
    ],
    ['no such file', refusal(404, { headers: { 'x-error-code': 'EntryNotFound' } }), 'hub.notFound', false],
    ['explained 403', refusal(403, { body: '{"error":"token lacks read"}' }), 'hub.unauthorized', false],
    ['wordless 403', refusal(403, { body: '<html>' }), 'hub.unreachable', false],
    ['the proxy', refusal(407), 'hub.unreachable', false],
    ['too often', refusal(429), 'hub.rateLimited', true],
    ['its own trouble', refusal(502), 'hub.unreachable', true],
    ['nonsense', refusal(418), 'hub.invalidResponse', false],
  ])('%s', (_name, given, kind, retryable) => {
    const error = errorFromResponse(given);
    expect(error).toMatchObject({ kind, retryable });
    expect(error.message).toContain('hub.example');
    expect(JSON.stringify([error.message, error.details])).not.toContain('secret');
  });

  it('shows what a person said, not markup', () => {
    const error = errorFromResponse(refusal(500, { body: '<h1>Down</h1>\n<p>for maintenance</p>' }));
    expect(error.message).toContain('Down for maintenance');
  });
});

describe('retryAfterSeconds', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    [{ 'retry-after': '12' }, 12],
    [{ 'retry-after': '0.4' }, 1],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, 60],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    [{ ratelimit: '"api";r=0;t=55' }, 55],
    [{}, undefined],
  ])('%j', (values: Record<string, string>, seconds) => {
    expect(retryAfterSeconds(headers(values), now)).toBe(seconds);
  });
});

describe('no answer', () => {
  const coded = (code: string): Error => Object.assign(new Error(code), { code });
  it.each([
    ['ENOTFOUND', /name cannot be resolved/, true],
    ['ECONNREFUSED', /refuses the connection/, true],
    ['UND_ERR_CONNECT_TIMEOUT', /did not answer in time/, true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /certificate/, false],
  ])('%s', (code, message, retryable) => {
    const error = errorFromNetwork('https://hub.example/x', new Error('failed', { cause: coded(code) }));
    expect(error).toMatchObject({ kind: 'hub.unreachable', retryable });
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/hub\.example.*mirror.*proxy/);
  });

  it('looks into the attempts on several addresses', () => {
    const error = errorFromNetwork('https://hub.example', new AggregateError([coded('ECONNREFUSED')]));
    expect(error.message).toContain('refuses the connection');
  });
});
