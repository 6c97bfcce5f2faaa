/** The built audio page on loopback, with an editor's answers: the file's parts come as the extension would send them. */
import { open, readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { root } from '../../scripts/lib/project.mjs';

const types = { '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };

export async function audioPageServer(file) {
  const { size } = await stat(file);
  const handle = await open(file);
  const input = { files: [{ name: path.basename(file), sizeBytes: size, version: '1' }], recognisers: [] };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://host');
    if (pathname === '/editor')
      response.setHeader('content-type', 'text/html').end(editor(input, server.address().port));
    else if (pathname === '/') response.setHeader('content-type', 'text/html').end(html(input));
    else if (pathname === '/framed') response.setHeader('content-type', 'text/html').end(page(framed));
    else if (pathname === '/blank') response.setHeader('content-type', 'text/html').end(page(''));
    else if (pathname === '/parts') void parts(request, response, handle);
    else
      readFile(path.join(root, 'dist', 'webviews', path.posix.normalize(pathname))).then(
        (bytes) =>
          response
            .setHeader('content-type', types[path.extname(pathname)] ?? 'application/octet-stream')
            .end(bytes),
        () => response.writeHead(404).end(),
      );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await handle.close();
    },
  };
}

async function parts(request, response, handle) {
  const wanted = JSON.parse(Buffer.concat(await request.toArray()).toString()).parts;
  const bytes = Buffer.alloc(wanted.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const { offset, length } of wanted) {
    await handle.read(bytes, at, length, offset);
    at += length;
  }
  response.end(bytes);
}

/** The page by itself, which asks for the file's parts itself. */
function html(input) {
  return page(`<script>
  const answer = (id, result) => window.postMessage({ type: 'response', id, result }, '*');
  const input = ${JSON.stringify(input)};
  globalThis.acquireVsCodeApi = () => ({
    getState: () => undefined,
    setState: (state) => state,
    postMessage: async ({ id, method, params }) => {
      if (method === 'panel/ready') answer(id, { language: 'en', input });
      if (method !== 'panel/readParts') return;
      const response = await fetch('/parts', { method: 'POST', body: JSON.stringify(params) });
      answer(id, { bytes: new Uint8Array(await response.arrayBuffer()) });
    },
  });
</script>`);
}

/** As in VS Code: the page is a frame of another site, in a process of its own, and is sent the parts. */
const framed = `<script>
  globalThis.acquireVsCodeApi = () => ({
    getState: () => undefined,
    setState: (state) => state,
    postMessage: (message) => parent.postMessage(message, '*'),
  });
</script>`;

function editor(input, port) {
  return `<!doctype html><html><body style="margin: 0"><iframe style="border: 0; width: 100vw; height: 100vh" src="http://localhost:${port}/blank"></iframe>
<script>
  const input = ${JSON.stringify(input)};
  addEventListener('message', async ({ data, source }) => {
    const { id, method, params } = data;
    if (method === 'panel/ready') source.postMessage({ type: 'response', id, result: { language: 'en', input } }, '*');
    if (method !== 'panel/readParts') return;
    const response = await fetch('/parts', { method: 'POST', body: JSON.stringify(params) });
    const bytes = new Uint8Array(await response.arrayBuffer());
    source.postMessage({ type: 'response', id, result: { bytes } }, '*', [bytes.buffer]);
  });
</script></body></html>`;
}

function page(script) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,">
<link rel="stylesheet" href="/audio.css"><style>:root { --vscode-font-family: sans-serif; --vscode-foreground: #ccc; --vscode-editor-background: #1f1f1f; --vscode-charts-blue: #3794ff; }</style>
${script}</head><body class="vscode-dark">${script === '' ? '' : '<script type="module" src="/audio.js"></script>'}</body></html>`;
}
