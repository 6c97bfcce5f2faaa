import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttp, type Http } from '../../../hub/http';
import { fetchFile } from './fetchFile';
import { configuredIndex, pipFiles } from './indexAddress';
import { findOnIndex } from './packageIndex';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251));
const sha256 = createHash('sha256').update(content).digest('hex');

let folder: string;
let http: Http;
let server: Server;
let origin: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: { url: string; range: string | undefined; authorization: string | undefined }[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'goya-install-'));
  http = createHttp({ env: {} });
  asked = [];
  server = createServer((request, response) => {
    const { range, authorization } = request.headers;
    asked.push({ url: request.url ?? '', range, authorization });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await http.close();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const signal = new AbortController().signal;
const find = (index = `${origin}/simple`) =>
  findOnIndex(index, 'tensorflow-cpu', sha256, { send: http.send, signal });
const fetched = (stop = signal, onProgress: (done: number) => void = () => undefined) =>
  fetchFile({
    ...{ send: http.send, signal: stop, url: `${origin}/files/a.whl`, sha256, onProgress },
    target: path.join(folder, 'wheels', 'a.whl'),
    size: content.length,
  });

const json = (files: object[]) => (_: IncomingMessage, response: ServerResponse) => {
  response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json');
  response.end(JSON.stringify({ meta: {}, files }));
};
const file = (hash: string) => ({
  filename: 'a.whl',
  url: '../../files/a.whl',
  hashes: { sha256: hash },
  size: 9,
});

describe('the package index', () => {
  it('is the one that pip asks', async () => {
    const places = { env: { XDG_CONFIG_HOME: folder }, platform: 'linux', home: folder } as const;
    await mkdir(path.join(folder, 'pip'));
    await writeFile(
      path.join(folder, 'pip', 'pip.conf'),
      '[global]\ntimeout = 60\nindex-url = https://mirror.test/simple\n',
    );
    expect(await configuredIndex(places)).toBe('https://mirror.test/simple');
    const env = { ...places.env, PIP_INDEX_URL: 'https://mine.test/simple' };
    expect(await configuredIndex({ ...places, env })).toBe('https://mine.test/simple');
    expect(pipFiles({ env: { APPDATA: 'R' }, platform: 'win32', home: 'H' })[0]).toBe(
      path.join('R', 'pip', 'pip.ini'),
    );
  });

  it('answers as JSON or as a page of links; the file is told by its hash', async () => {
    answer = json([file('0'.repeat(64)), file(sha256)]);
    expect(await find()).toEqual({ filename: 'a.whl', size: 9, url: `${origin}/files/a.whl`, sha256 });
    answer = (_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(
        `<a href="/x/b.whl#sha256=${'1'.repeat(64)}">b.whl</a>\n<a data-x href="/x/a.whl?y=1&amp;z=2#sha256=${sha256}">a.whl</a>`,
      );
    };
    expect(await find()).toMatchObject({ filename: 'a.whl', url: `${origin}/x/a.whl?y=1&z=2` });
  });

  it('gets the login of its address, other hosts do not', async () => {
    answer = (request, response) => {
      if (request.url === '/simple/tensorflow-cpu/') {
        response.writeHead(302, { location: `${origin.replace('127.0.0.1', 'localhost')}/other` }).end();
      } else json([file(sha256)])(request, response);
    };
    await find(`${origin.replace('://', '://me:s%40cret@')}/simple/`);
    expect(asked.map(({ authorization }) => authorization)).toEqual([
      `Basic ${Buffer.from('me:s@cret').toString('base64')}`,
      undefined,
    ]);
  });

  it.each<[string, typeof answer, RegExp]>([
    ['lacks the file', json([file('0'.repeat(64))]), /does not have the file/],
    ['answers an error', (_, response) => void response.writeHead(403).end(), /answers 403/],
    ['answers nonsense', json([{ filename: 3 }]), /not what an index answers/],
    [
      'redirects for ever',
      (_, response) => void response.writeHead(302, { location: '/simple/' }).end(),
      /for ever/,
    ],
    ['breaks off', (_, response) => void response.destroy(), /cannot be used/],
  ])('that %s is said so', async (_name, behaviour, message) => {
    answer = behaviour;
    await expect(find()).rejects.toMatchObject({
      kind: 'engine.unavailable',
      message: expect.stringMatching(message) as string,
    });
  });
});

const serve = (request: IncomingMessage, response: ServerResponse, bytes = content): void => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': bytes.length - from });
  response.end(bytes.subarray(from));
};

describe('the file', () => {
  it('goes on where it broke off, and is asked for once', async () => {
    let cut = (): void => undefined;
    answer = (_, response) => {
      cut = () => void response.destroy();
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 100_000));
    };
    // Not before something came: what a cut finds on its way is lost.
    await expect(fetched(signal, () => cut())).rejects.toMatchObject({
      kind: 'engine.unavailable',
      retryable: true,
    });
    const kept = (await readFile(path.join(folder, 'wheels', 'a.whl.part'))).length;
    expect(kept).toBeGreaterThan(0);
    answer = serve;
    const target = await fetched();
    expect((await readFile(target)).equals(content)).toBe(true);
    expect(asked.at(-1)?.range).toBe(`bytes=${kept}-`);
    const before = asked.length;
    expect(await fetched()).toBe(target);
    expect(asked).toHaveLength(before);
  });

  it('that is another is refused and deleted', async () => {
    answer = (request, response) => serve(request, response, Buffer.alloc(content.length));
    await expect(fetched()).rejects.toMatchObject({ kind: 'download.checksum' });
    expect(await readdir(path.join(folder, 'wheels'))).toEqual([]);
  });

  it('stops when asked to, and keeps what came', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 50_000));
    };
    const stop = new AbortController();
    const reason = new Error('enough');
    await expect(fetched(stop.signal, () => stop.abort(reason))).rejects.toBe(reason);
    expect(await readdir(path.join(folder, 'wheels'))).toEqual(['a.whl.part']);
  });
});
