import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { downloadsPlan } from '../../../protocol/api/downloads';
import { hubCard, hubModelInfo } from '../../../protocol/api/hub';
import type { HubModelDetails } from '../../../protocol/model/hubModel';
import { StudioError } from '../../../protocol/wire/errors';
import { eventually } from '../../fixtures/eventually';
import { seriousViolations } from './axe';
import { details, download, fakeHub, installed, pageUrl, repoId, type FakeHub } from './fakeHub';
import { launchBrowser, openPage, type OpenOptions, type OpenPage } from './harness';

let browser: Browser;
let open: OpenPage | undefined;
let hub: FakeHub;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());
afterEach(async () => {
  const problems = open?.problems ?? [];
  await open?.close();
  open = undefined;
  expect(problems).toEqual([]);
});

async function model(
  changed: Partial<HubModelDetails> = {},
  options: Partial<OpenOptions> = {},
): Promise<OpenPage> {
  open = await openPage(browser, {
    page: 'model',
    input: () => ({ repoId, pageUrl }),
    panel: (peer) => (hub = fakeHub(peer, changed)),
    ...options,
  });
  return open;
}
const state = ({ page }: OpenPage) => page.locator('#state');
const primary = ({ page }: OpenPage) => page.locator('#primary');
const box = ({ page }: OpenPage, path: string) => page.locator(`input[data-path="${path}"]`);
const ready = async (shown: OpenPage): Promise<void> => {
  await shown.page.locator('#primary:has-text("Download")').waitFor();
  await shown.page.locator('.model-card h3').waitFor();
};

describe('the model page', () => {
  it('shows licence, verdict, files and card', async () => {
    const shown = await model();
    await ready(shown);
    const { page } = shown;
    expect(await page.locator('h1').textContent()).toBe(repoId);
    expect(await page.locator('[data-part="licence"]').textContent()).toMatch(/apache-2\.0.*cc-by-nc-4\.0/);
    expect(await page.locator('[data-part="verdict"]').textContent()).toContain('Does not run here yet');
    expect(await page.locator('[data-part="weights"]').textContent()).toContain('63.0 MB of memory');
    expect(await page.locator('[data-pickle="avoidable"]').count()).toBe(1);
    await page.locator('[data-part="onnx"] summary').click();
    expect(await page.locator('.onnx').innerText()).toContain('input: int64 [batch, phonemes]');
    expect(await box(shown, 'model.onnx').isChecked()).toBe(true);
    expect(await box(shown, 'pytorch_model.bin').isChecked()).toBe(false);
    expect(await page.locator('#sums').textContent()).toContain('5.0 GB free');
    expect(await primary(shown).textContent()).toContain('Download 63.0 MB');
  });

  it('renders a card without running, loading or following anything of it', async () => {
    const shown = await model();
    await ready(shown);
    const { page } = shown;
    expect(await page.locator('.model-card img, .model-card script').count()).toBe(0);
    expect(await page.evaluate(() => document.body.dataset['hacked'])).toBeUndefined();
    const hrefs = await page
      .locator('.model-card a')
      .evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    expect(hrefs).toEqual(['https://example.org/paper', `${new URL(pageUrl).href}/blob/main/wave.png`]);
    await page.locator('.model-card a').first().click();
    await eventually(() => hub.calls.links.includes('https://example.org/paper'));
    expect(page.url()).toContain('index.html');
    const directions = await page
      .locator('.model-card p[dir="auto"]')
      .evaluateAll((all) => all.map((p) => getComputedStyle(p).direction));
    expect(directions.slice(0, 2)).toEqual(['rtl', 'ltr']);
  });

  it('downloads what is ticked, as patterns, at the commit that is shown', async () => {
    const shown = await model();
    await ready(shown);
    await primary(shown).click();
    await eventually(() => hub.calls.started.length === 1);
    expect(hub.calls.started[0]).toEqual({ repoId, revision: details.commit });
    await box(shown, 'config.json').focus();
    await shown.page.keyboard.press('Space');
    await primary(shown).filter({ hasText: '63.0 MB' }).waitFor();
    await primary(shown).click();
    await eventually(() => hub.calls.started.length === 2);
    expect(hub.calls.started[1]).toEqual({
      repoId,
      revision: details.commit,
      include: ['model.onnx', 'set[[]1-9][*].txt'],
    });
    await shown.page.locator('#choose-none').click();
    await state(shown).filter({ hasText: 'No file is ticked.' }).waitFor();
    await shown.page.locator('#choose-all').click();
    await primary(shown).filter({ hasText: 'Download 208.0 MB' }).waitFor();
  });

  it('shows progress, pause, failure, and the end', async () => {
    const shown = await model();
    await ready(shown);
    hub.publish('downloads', download('downloading', 31_000_000));
    await state(shown).filter({ hasText: '49%' }).waitFor();
    expect(await state(shown).textContent()).toMatch(/6\.1 MB\/s · 8 s left/);
    expect(await primary(shown).textContent()).toContain('Pause');
    hub.publish('downloads', download('paused', 31_000_000));
    await primary(shown).filter({ hasText: 'Resume' }).waitFor();
    const error = { kind: 'hub.unreachable', message: 'no route', retryable: true } as const;
    hub.publish('downloads', download('failed', 31_000_000, { error }));
    await state(shown).filter({ hasText: 'no route' }).waitFor();
    shown.peer.handle(downloadsPlan, () =>
      Promise.resolve({
        commit: details.commit,
        files: [],
        totalBytes: 9,
        remainingBytes: 0,
        freeBytes: 5e9,
      }),
    );
    hub.publish('models', installed());
    hub.publish('downloads', download('completed', 63_001_210));
    await primary(shown).filter({ hasText: 'Show folder' }).waitFor();
    await primary(shown).click();
    await eventually(() => JSON.stringify(hub.calls.commands).includes('goya.models.reveal'));
  });

  it('leads through a gated model', async () => {
    const access = { gated: 'manual', granted: false, url: pageUrl, explanation: 'x' } as const;
    const shown = await model({ gated: true, access });
    const { page } = shown;
    await primary(shown).filter({ hasText: 'Accept' }).click();
    await eventually(() => hub.calls.links.length === 1);
    await page.locator('#set-token').click();
    await eventually(() => JSON.stringify(hub.calls.commands).includes('goya.setToken'));
    hub.details = { ...hub.details, access: { ...access, granted: true } };
    await page.locator('#recheck').click();
    await ready(shown);
    expect(await page.locator('[data-part="access"]').textContent()).toContain('accepted');
  });

  it('says that it is offline, offers what is installed, and tries again', async () => {
    let down = true;
    const shown = await model(
      {},
      {
        panel: (peer) => {
          hub = fakeHub(peer);
          peer.handle(hubModelInfo, () =>
            down
              ? Promise.reject(new StudioError('hub.unreachable', 'no network'))
              : Promise.resolve(details),
          );
        },
      },
    );
    const { page } = shown;
    await page.locator('#offline').waitFor();
    await page.locator('[data-kind="hub.unreachable"]').waitFor();
    hub.publish('models', installed());
    await primary(shown).filter({ hasText: 'Show folder' }).waitFor();
    expect(await page.locator('[data-part="licence"]').textContent()).toContain('apache-2.0');
    down = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('.model-card h3').waitFor();
    expect(await page.locator('#offline').isVisible()).toBe(false);
  });

  it('shows a card that could not be read without losing the rest', async () => {
    const shown = await model(
      {},
      {
        panel: (peer) => {
          hub = fakeHub(peer);
          peer.handle(hubCard, () => Promise.reject(new StudioError('hub.gated', 'closed')));
        },
      },
    );
    await shown.page.getByText('The card could not be read').waitFor();
    await primary(shown).filter({ hasText: 'Download' }).waitFor();
  });

  it('keeps what was ticked over a reload, but not for another model', async () => {
    const shown = await model();
    await ready(shown);
    await box(shown, 'pytorch_model.bin').check();
    await eventually(() => JSON.stringify(shown.state() ?? {}).includes('pytorch_model.bin'));
    const kept = shown.state();
    await shown.close();
    const again = await model({}, { state: kept });
    await ready(again);
    expect(await box(again, 'pytorch_model.bin').isChecked()).toBe(true);
    await again.close();
    const other = await model({}, { state: { ...(kept as object), repoId: 'a/b' } });
    await ready(other);
    expect(await box(other, 'pytorch_model.bin').isChecked()).toBe(false);
  });

  it('says the next step when nothing was chosen', async () => {
    const { page } = await model({}, { input: () => ({ pageUrl }) });
    await page.getByRole('button', { name: 'Search models' }).waitFor();
  });

  it.each([
    ['dark', 'en'],
    ['light', 'fa'],
    ['highContrast', 'en'],
  ] as const)('can be used by everyone: %s, %s', async (theme, language) => {
    const access = { gated: 'auto', granted: false, url: pageUrl, explanation: 'x' } as const;
    const shown = await model({ access }, { theme, language, width: 320 });
    await shown.page.locator('.model-card h3').waitFor();
    await eventually(async () => (await shown.page.locator('#sums').textContent()) !== '');
    expect(await seriousViolations(shown.page)).toEqual([]);
    expect(await shown.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });

  it.each([
    ['dark', 'en', 1000],
    ['light', 'en', 1000],
    ['highContrast', 'en', 1000],
    ['dark', 'fa', 1000],
    ['light', 'fa', 400],
  ] as const)('is drawn: %s, %s, %i', async (theme, language, width) => {
    const shown = await model({}, { theme, language, width });
    await shown.page.locator('.model-card table').waitFor();
    hub.publish('downloads', download('downloading', 31_000_000));
    await shown.page.locator('progress').waitFor();
    const folder = process.env['GOYA_SHOTS'];
    if (folder !== undefined)
      await shown.page.screenshot({ path: `${folder}/${theme}-${language}-${width}.png`, fullPage: true });
    expect(
      await shown.page.locator('progress').evaluate((bar: HTMLProgressElement) => bar.value),
    ).toBeGreaterThan(0.4);
  });
});
