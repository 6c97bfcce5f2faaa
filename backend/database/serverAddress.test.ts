import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseServerAddress } from './serverAddress';

describe('parseServerAddress', () => {
  it('takes an address apart, with escapes', () => {
    expect(
      parseServerAddress('postgres://al%40i:p%2Fw%3A@db.example:6543/g%20oya?application_name=x'),
    ).toMatchObject({
      host: 'db.example',
      port: 6543,
      user: 'al@i',
      password: 'p/w:',
      database: 'g oya',
      applicationName: 'x',
      name: 'db.example:6543/g oya',
    });
  });

  it.each([
    [
      'postgresql://host',
      { host: 'host', port: 5432, database: undefined, user: undefined, name: 'host:5432' },
    ],
    ['postgres://[::1]:1/d', { host: '::1', name: '[::1]:1/d' }],
    ['postgresql:///d?host=/run/postgresql', { host: '/run/postgresql', database: 'd', ssl: [false] }],
    ['postgresql://me@/d?host=/run/postgresql', { host: '/run/postgresql', user: 'me' }],
    [' postgres://h/d\n', { host: 'h', database: 'd' }],
  ])('takes %s', (text, expected) => {
    expect(parseServerAddress(text)).toMatchObject(expected);
  });

  it.each(['', 'db.example', 'mysql://u:secret@h/d', 'postgres://u:secret@h:notaport/d', 'http://[secret'])(
    'refuses %j without repeating it',
    (text) => {
      let message = '';
      try {
        parseServerAddress(text);
      } catch (error) {
        expect(error).toMatchObject({ kind: 'database.unavailable', details: { reason: 'badAddress' } });
        message = (error as Error).message;
      }
      expect(message).toContain('postgres://');
      expect(message).not.toContain('secret');
    },
  );

  it.each([
    ['', [{ rejectUnauthorized: false }, false]],
    ['?sslmode=disable', [false]],
    ['?sslmode=prefer', [{ rejectUnauthorized: false }, false]],
    ['?sslmode=allow', [false, { rejectUnauthorized: false }]],
    ['?sslmode=require', [{ rejectUnauthorized: false }]],
    ['?sslmode=no-verify', [{ rejectUnauthorized: false }]],
    ['?sslmode=verify-full', [{}]],
  ])('reads the mode %s', (mode, ssl) => {
    expect(parseServerAddress(`postgres://h/d${mode}`).ssl).toEqual(ssl);
  });

  it('reads certificates, and then require checks the chain', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'goya-cert-'));
    const file = path.join(folder, 'ca.pem');
    await writeFile(file, 'PEM');
    const [ssl] = parseServerAddress(`postgres://h/d?sslmode=require&sslrootcert=${file}`).ssl;
    expect(ssl).toMatchObject({ ca: 'PEM' });
    expect(ssl).not.toHaveProperty('rejectUnauthorized');
    await rm(folder, { recursive: true });
    expect(() => parseServerAddress(`postgres://h/d?sslmode=verify-full&sslrootcert=${file}`)).toThrow(file);
  });

  it('refuses an unknown mode', () => {
    expect(() => parseServerAddress('postgres://h/d?sslmode=maybe')).toThrow('sslmode=maybe');
  });
});
