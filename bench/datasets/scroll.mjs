/** The built page of a data set in Chromium, its rows from the built backend: how smoothly it scrolls. */
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/lib/chromium.mjs';
import { root } from '../../scripts/lib/project.mjs';

const types = { '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2' };
const shell = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>rows</title>
<link rel="stylesheet" href="/dataset.css"><script>
globalThis.acquireVsCodeApi = () => ({ postMessage: (m) => void hostPost(m), getState: () => undefined, setState: (s) => s });
</script></head><body class="vscode-dark"><script type="module" src="/dataset.js"></script></body></html>`;

/** Frames per second over the scroll, and the longest frame in ms. */
export async function scrollRows(client, file) {
  const server = createServer((request, response) => {
    const name = new URL(request.url, 'http://host').pathname;
    if (name === '/') return void response.setHeader('content-type', 'text/html').end(shell);
    readFile(path.join(root, 'dist', 'webviews', path.normalize(name))).then(
      (content) => response.setHeader('content-type', types[path.extname(name)] ?? 'text/plain').end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    const post = (message) => page.evaluate((value) => window.postMessage(value, '*'), message);
    await page.exposeFunction('hostPost', async ({ type, id, method, params }) => {
      if (type !== 'request') return;
      const result =
        method === 'panel/ready'
          ? { language: 'en', input: { path: file, name: 'rows' } }
          : await client.call(method, params);
      await post({ type: 'response', id, result });
    });
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.locator('.rows [role="row"]').first().waitFor({ timeout: 120_000 });
    return await page.evaluate(async () => {
      const rows = document.querySelector('#rows');
      const frames = [];
      let last = performance.now();
      const began = last;
      // A fling: 1500 pixels in every frame, then a jump to the end and back up.
      while (last - began < 4000) {
        rows.scrollTop += last - began < 3000 ? 1500 : -2500;
        const now = await new Promise((resolve) => requestAnimationFrame(resolve));
        frames.push(now - last);
        last = now;
        if (frames.length === 120) rows.scrollTop = rows.scrollHeight / 2;
      }
      frames.shift();
      const filled = [...document.querySelectorAll('.rows [role="row"]:not([hidden]) .cell-number')].length;
      return { fps: (1000 * frames.length) / (last - began), longest: Math.max(...frames), filled };
    });
  } finally {
    await browser.close();
    server.close();
  }
}
