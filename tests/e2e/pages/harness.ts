/**
 * Opens a built page in Chromium as VS Code would: the panel's content security policy, a theme's variables, and
 * `acquireVsCodeApi`. The panel's end of the channel is a real PostMessagePeer in this process, with handlers that
 * a test gives. Files come from a loopback server, as they come from the editor's resource host.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { inject } from 'vitest';
import { panelReadParts, panelReady } from '../../../protocol/api/panel';
import { contentSecurityPolicy } from '../../../extension/panels/html';
import { PostMessagePeer } from '../../../protocol/wire/postMessage';
import type { Params } from '../../../protocol/wire/spec';
import { themes, themeStyle, type ThemeName } from './themes';

const root = path.resolve(import.meta.dirname, '../../..');
const webviews = path.join(root, 'dist', 'webviews');

export type PartsRequest = Params<typeof panelReadParts>;

export interface OpenOptions {
  /** Folder name under webviews/. */
  readonly page: 'training' | 'playground' | 'audio' | 'model' | 'dataset';
  input(origin: string): unknown;
  readonly language?: 'en' | 'fa';
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** What `getState` answers: the state of before a reload. */
  readonly state?: unknown;
  /** Folders that are served beside the pages, by the first part of their address. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Answers `panel/readParts`, over the loopback server: what a test's own channel carries is text. */
  readonly parts?: (request: PartsRequest) => Promise<Uint8Array>;
  /** Registers the panel's handlers before the page asks for anything. */
  panel?(peer: PostMessagePeer, origin: string): void;
}

export interface OpenPage {
  readonly page: Page;
  readonly peer: PostMessagePeer;
  readonly origin: string;
  /** What the page stored with `setState` last. */
  state(): unknown;
  /** Errors, refused resources and console errors of the page. */
  readonly problems: readonly string[];
  setTheme(theme: ThemeName): Promise<void>;
  close(): Promise<void>;
}

/** Saves what the page shows to test-results/pages/<name>.png, to be looked at. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: path.join(root, 'test-results', 'pages', `${name}.png`), fullPage: true });
}

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: inject('chromium'),
    args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--enable-unsafe-swiftshader'],
  });
}

export async function openPage(browser: Browser, options: OpenOptions): Promise<OpenPage> {
  const { server, origin } = await serve(options);
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1200, height: options.height ?? 900 },
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  let state: unknown = options.state;
  let receive: (message: unknown) => void = () => undefined;
  await page.exposeFunction('hostPost', (message: unknown) => receive(message));
  await page.exposeFunction('hostSetState', (next: unknown) => (state = next));
  const peer = new PostMessagePeer(
    {
      post: (message) => {
        page
          .evaluate((value) => window.postMessage(value, '*'), message)
          .catch((error: unknown) => {
            if (!page.isClosed()) problems.push(String(error));
          });
      },
      listen: (handler) => {
        receive = handler;
        return () => (receive = () => undefined);
      },
    },
    (problem) => problems.push(`panel: ${String(problem)}`),
  );
  peer.handle(panelReady, () =>
    Promise.resolve({ language: options.language ?? 'en', input: options.input(origin) }),
  );
  options.panel?.(peer, origin);
  await page.goto(`${origin}/index.html`);
  return {
    page,
    peer,
    origin,
    problems,
    state: () => state,
    setTheme: (theme) => applyTheme(page, theme),
    close: async () => {
      peer.dispose();
      await context.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function applyTheme(page: Page, theme: ThemeName): Promise<void> {
  await page.evaluate(
    ([style, kind]) => {
      document.documentElement.setAttribute('style', style);
      document.body.className = kind;
      document.body.dataset['vscodeThemeKind'] = kind;
    },
    [themeStyle(theme), themes[theme].kind] as const,
  );
}

function html(options: OpenOptions, origin: string): string {
  const theme = options.theme ?? 'dark';
  const language = options.language ?? 'en';
  const state = JSON.stringify(options.state ?? null);
  return `<!doctype html>
<html lang="${language}" dir="${language === 'fa' ? 'rtl' : 'ltr'}" style='${themeStyle(theme)}'>
<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(origin, 'host')}">
<meta name="viewport" content="width=device-width"><title>${options.page}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/dist/${options.page}.css">
<script nonce="host">
  let kept = ${state} ?? undefined;
  const parts = async ({ id, params }) => {
    const response = await fetch('/parts', { method: 'POST', body: JSON.stringify(params) });
    const answer = response.headers.get('x-refused') === null
      ? { result: { bytes: new Uint8Array(await response.arrayBuffer()) } }
      : { error: { kind: 'dataset.notFound', message: await response.text(), retryable: true } };
    window.postMessage({ type: 'response', id, ...answer }, '*');
  };
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => void (message.method === '${panelReadParts.method}' ? parts(message) : hostPost(message)),
    getState: () => kept,
    setState: (next) => { kept = next; void hostSetState(next); return next; },
  });
</script></head>
<body class="${themes[theme].kind}" data-vscode-theme-kind="${themes[theme].kind}">
<script type="module" src="/dist/${options.page}.js"></script></body></html>`;
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

/** Refusals come with 200 too: the browser would report any other status as a problem of the page. */
async function answerParts(
  request: IncomingMessage,
  response: ServerResponse,
  parts: (request: PartsRequest) => Promise<Uint8Array>,
): Promise<void> {
  const body = Buffer.concat(await request.toArray()).toString();
  try {
    response.end(await parts(panelReadParts.params.parse(JSON.parse(body))));
  } catch (error) {
    response.setHeader('x-refused', '1').end(error instanceof Error ? error.message : String(error));
  }
}

async function serve(options: OpenOptions): Promise<{ server: Server; origin: string }> {
  const folders: Readonly<Record<string, string>> = { dist: webviews, ...options.folders };
  let origin = '';
  const server = createServer((request, response) => {
    const url = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname);
    if (url === '/index.html') {
      response.setHeader('content-type', 'text/html').end(html(options, origin));
      return;
    }
    if (url === '/parts' && options.parts !== undefined) {
      void answerParts(request, response, options.parts);
      return;
    }
    const [, first = '', ...rest] = url.split('/');
    const folder = folders[first];
    if (folder === undefined) {
      response.writeHead(404).end();
      return;
    }
    readFile(path.join(folder, ...rest)).then(
      (bytes) =>
        response.setHeader('content-type', types[path.extname(url)] ?? 'application/octet-stream').end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, origin };
}
