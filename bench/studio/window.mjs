/** VS Code's window in Chromium: opens it, asks what activation took, and scrolls one tree of the sidebar. */
const patience = { timeout: 90_000 };

export async function openWindow(browser, url) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  await page.locator('.activitybar .action-item:has([aria-label^="Goya"])').waitFor(patience);
  return page;
}

export async function openSidebar(page) {
  await page.locator('.activitybar .action-item:has([aria-label^="Goya"])').click();
  await page.locator('.sidebar .composite.title:has-text("Goya")').first().waitFor(patience);
}

/** Milliseconds, as VS Code itself counts them. */
export async function activationTime(page) {
  await page.locator('.monaco-workbench').press('F1');
  await page
    .locator('.quick-input-widget:visible input[type="text"]')
    .fill('>Developer: Show Running Extensions');
  await page
    .locator('.quick-input-list .monaco-list-row', { hasText: 'Show Running Extensions' })
    .first()
    .click();
  const row = page.locator('.runtime-extensions-editor .monaco-list-row').filter({ hasText: 'Goya' });
  const time = row.locator('.activation-time', { hasText: /\d+\s*ms/ });
  return Number(/(\d+)\s*ms/.exec(await time.innerText(patience))[1]);
}

/**
 * Shows one view alone and scrolls it from its first to its last row. `shownMs`: from unfolding it to its last row being
 * there to scroll to; `fps` and `longestMs` of the frames while it scrolls.
 */
export async function scrollTree(page, title, items) {
  const unfolded = page.locator('.sidebar .pane-header[aria-expanded="true"]');
  while ((await unfolded.count()) > 0) await unfolded.first().click();
  const header = page.locator(`.pane-header[aria-label^="${title}"]`);
  const pane = page.locator('.pane').filter({ has: header });
  const began = performance.now();
  await header.click();
  const list = pane.locator('.monaco-list-rows');
  await list.waitFor(patience);
  await list.evaluate(
    (rows, least) =>
      new Promise((resolve) => {
        const look = () => (rows.clientHeight >= least ? resolve() : requestAnimationFrame(look));
        look();
      }),
    items * 20,
  );
  const shownMs = performance.now() - began;
  const frames = await scroll(pane.locator('.monaco-list'));
  await header.click();
  return { shownMs, ...frames };
}

/** Turns the wheel a screen's worth in every frame until nothing moves any more, or for four seconds. */
function scroll(list) {
  return list.evaluate(async (element) => {
    const rows = element.querySelector('.monaco-list-rows');
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const times = [];
    const began = performance.now();
    let last = began;
    while (last - began < 4000) {
      const down = Math.floor((last - began) / 1000) % 2 === 0;
      const wheel = { deltaY: down ? 600 : -600, bubbles: true, cancelable: true };
      rows.dispatchEvent(new WheelEvent('wheel', wheel));
      const now = await frame();
      times.push(now - last);
      last = now;
    }
    if (element.querySelectorAll('.monaco-list-row').length === 0) throw new Error('no row is drawn');
    return { fps: (1000 * times.length) / (last - began), longestMs: Math.max(...times.slice(1)) };
  });
}
