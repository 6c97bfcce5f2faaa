import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { panelInput, panelRefresh } from '../../../protocol/api/panel';
import { eventually } from '../../fixtures/eventually';
import { seriousViolations } from './axe';
import { FakeRuns, fakeCheckpoints, fakePoints, fakeRun } from './fakeRuns';
import { launchBrowser, openPage, type OpenOptions, type OpenPage } from './harness';

let browser: Browser;
let open: OpenPage | undefined;
beforeAll(async () => (browser = await launchBrowser()));
afterAll(() => browser.close());
afterEach(async () => {
  const problems = open?.problems ?? [];
  await open?.close();
  open = undefined;
  expect(problems).toEqual([]);
});

async function dashboard(fake: FakeRuns, options: Partial<OpenOptions> = {}): Promise<OpenPage> {
  open = await openPage(browser, {
    page: 'training',
    input: () => ({ runIds: [] }),
    panel: fake.serve,
    ...options,
  });
  return open;
}

/** Colours of the pixels that a chart drew. */
function inked({ page }: OpenPage, metric: string): Promise<number> {
  return page.locator(`[data-metric="${metric}"] canvas`).evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    let count = 0;
    for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) > 0) count++;
    return count;
  });
}

describe('the dashboard', () => {
  it('shows a run live: charts, header, checkpoints, and what it did while hidden', async () => {
    const fake = new FakeRuns();
    const run = fake.add(fakeRun(), fakePoints(200, 40));
    const shown = await dashboard(fake);
    const { page } = shown;
    await page.locator('[data-metric="loss"] canvas').waitFor();
    expect(await page.locator('h1').textContent()).toBe('keywords');
    expect(await page.locator('.facts').textContent()).toContain('epoch 12/30');
    expect(await page.locator('.facts').textContent()).toContain('The native TensorFlow engine');
    const legend = page.locator('[data-metric="loss"] .legend');
    expect(await legend.textContent()).toMatch(/batches.*training.*validation/);

    fake.points.set(run.id, fakePoints(480, 40));
    fake.checkpoints.set(run.id, fakeCheckpoints(run, 40, 12, 9));
    fake.change(run.id, { step: 480, metrics: { loss: 0.1 } });
    await page.locator('[data-checkpoint]').nth(11).waitFor();
    await eventually(() => inked(shown, 'loss').then((count) => count > 500));
    // Only what was new was asked for.
    expect(fake.sinces[0]).toBeUndefined();
    expect(fake.sinces.at(-1)).toMatch(/^2026-11-20T10:00:08/);

    // A hidden page hears nothing; it asks when it is shown again.
    fake.change(run.id, { state: 'completed', epoch: 30, progress: 1 }, false);
    fake.points.set(run.id, fakePoints(520, 40));
    shown.peer.notify(panelRefresh, {});
    await page.locator('#run-state[data-state="completed"]').waitFor();
    await eventually(
      async () => (await page.locator('[data-metric="loss"] .plot').getAttribute('aria-label')) !== '',
    );
    expect(await page.locator('#stop').isVisible()).toBe(false);
  });

  it('asks the extension to stop, resume, try and open', async () => {
    const fake = new FakeRuns();
    const run = fakeRun();
    fake.add(run, fakePoints(80, 40), fakeCheckpoints(run, 40, 2, 1));
    const { page } = await dashboard(fake);
    await page.locator('#stop').click();
    await page.locator('#try').click();
    await page.getByRole('button', { name: 'Try the checkpoint of epoch 1' }).click();
    fake.change(run.id, { state: 'stopped' });
    await page.locator('#resume').click();
    await eventually(() => fake.commands.length === 4);
    expect(fake.commands).toEqual([
      { command: 'goya.runs.stop', args: [run.id] },
      { command: 'goya.runs.try', args: [run.id] },
      { command: 'goya.checkpoints.try', args: [{ id: expect.any(String) as string, runId: run.id }] },
      { command: 'goya.runs.resume', args: [run.id] },
    ]);
  });

  it('compares ticked runs and remembers them over a reload', async () => {
    const fake = new FakeRuns();
    const first = fake.add(fakeRun({ name: 'first' }), fakePoints(80, 40));
    const second = fake.add(
      fakeRun({ name: 'واژه‌ها', createdAt: '2026-11-21T00:00:00Z' }),
      fakePoints(80, 40, 2),
    );
    const shown = await dashboard(fake);
    const { page } = shown;
    await page.locator(`[data-run="${first.id}"] vscode-checkbox`).click();
    const legend = page.locator('[data-metric="loss"] .legend');
    await eventually(async () => ((await legend.textContent()) ?? '').includes('first'));
    await page.locator('#smoothing').fill('0.9');
    await page.locator('#x-axis').selectOption('epoch');
    await page.locator('#log-scale').click();
    await eventually(() => JSON.stringify(shown.state()).includes('"logScale":true'));
    const state = shown.state();
    expect(state).toMatchObject({ chosen: [second.id, first.id], smoothing: 0.9, xAxis: 'epoch' });
    await shown.close();
    const again = await dashboard(fake, { state });
    await again.page.locator('[data-metric="loss"] .legend li').nth(5).waitFor();
    expect(await again.page.locator('#x-axis').inputValue()).toBe('epoch');
  });

  it('opens the run that was just started', async () => {
    const fake = new FakeRuns();
    fake.add(fakeRun({ name: 'old' }), fakePoints(40, 40));
    const shown = await dashboard(fake);
    await shown.page.locator('h1', { hasText: 'old' }).waitFor();
    const fresh = fake.add(fakeRun({ name: 'fresh', createdAt: '2026-11-22T00:00:00Z' }), fakePoints(40, 40));
    shown.peer.notify(panelInput, { input: { runIds: [fresh.id] } });
    fake.change(fresh.id, {});
    await shown.page.locator('h1', { hasText: 'fresh' }).waitFor();
  });

  it('stays quick with tens of thousands of points, and recolours with the theme', async () => {
    const fake = new FakeRuns();
    fake.add(fakeRun(), fakePoints(12_000, 500));
    const shown = await dashboard(fake);
    await shown.page.locator('[data-metric="loss"] canvas').waitFor({ timeout: 60_000 });
    await eventually(() => inked(shown, 'loss').then((count) => count > 500));
    const frame = await shown.page.evaluate(async () => {
      const slider = document.querySelector<HTMLInputElement>('#smoothing');
      const times: number[] = [];
      for (let i = 1; i <= 5; i++) {
        const start = performance.now();
        if (slider !== null) slider.value = String(i / 10);
        slider?.dispatchEvent(new Event('input'));
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        times.push(performance.now() - start);
      }
      return times.sort((a, b) => a - b)[2] ?? 0;
    });
    expect(frame).toBeLessThan(400);
    const image = (): Promise<string> =>
      shown.page
        .locator('[data-metric="loss"] canvas')
        .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const dark = await image();
    await shown.setTheme('light');
    await eventually(async () => (await image()) !== dark);
  });

  it('says why a run failed', async () => {
    const fake = new FakeRuns();
    const message = 'The loss became NaN at step 12. Lower the learning rate.';
    fake.add(
      fakeRun({ state: 'failed', error: { kind: 'training.diverged', message, retryable: false } }),
      fakePoints(10, 40),
    );
    const { page } = await dashboard(fake);
    await page.locator('.run-failure', { hasText: message }).waitFor();
    expect(await page.locator('.run-failure').textContent()).toContain('The loss is no longer a number');
  });

  it('says the next step when there is nothing yet', async () => {
    const fake = new FakeRuns();
    const { page } = await dashboard(fake);
    await page.getByRole('button', { name: 'New training config' }).click();
    await eventually(() => fake.commands.length === 1);
    expect(fake.commands[0]?.command).toBe('goya.newTrainingConfig');
  });

  it.each([
    ['dark', 'en'],
    ['light', 'en'],
    ['highContrast', 'en'],
    ['dark', 'fa'],
  ] as const)('can be used by everyone: %s, %s', async (theme, language) => {
    const fake = new FakeRuns();
    const run = fakeRun();
    fake.add(run, fakePoints(120, 40), fakeCheckpoints(run, 40, 3, 2));
    fake.add(fakeRun({ name: 'دومی', state: 'interrupted', createdAt: '2026-11-19T00:00:00Z' }));
    const { page } = await dashboard(fake, { theme, language });
    await page.locator('[data-checkpoint]').first().waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    if (language === 'fa') {
      expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
      expect(await page.locator('.facts').textContent()).toContain('دور ۱۲ از ۳۰');
    }
  });

  it('fits a narrow side bar', async () => {
    const fake = new FakeRuns();
    const run = fakeRun({ name: 'a-rather-long-name-of-a-run-without-any-spaces-in-it' });
    fake.add(run, fakePoints(120, 40), fakeCheckpoints(run, 40, 3, 2));
    const { page } = await dashboard(fake, { width: 320 });
    await page.locator('[data-checkpoint]').first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
});
