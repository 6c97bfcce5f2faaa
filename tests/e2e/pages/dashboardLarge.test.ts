/** A hundred thousand points of three metrics: what people do with them stays quick. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../../protocol/model/run';
import { eventually } from '../../fixtures/eventually';
import { FakeRuns, fakeRun, start } from './fakeRuns';
import { launchBrowser, openPage } from './harness';

const steps = 34_000;
let browser: Browser;
beforeAll(async () => (browser = await launchBrowser()));
afterAll(() => browser.close());

/** The three metrics of each step. */
function points(from: number, to: number): MetricPoint[] {
  const all: MetricPoint[] = [];
  for (let step = from; step <= to; step++) {
    const at = new Date(start + step * 20).toISOString();
    const epoch = Math.floor(step / 1000);
    const wave = Math.sin(step / 50) / 20;
    all.push({ step, epoch, at, name: 'batch_loss', value: 1 + wave - step / 2e5 });
    all.push({ step, epoch, at, name: 'batch_accuracy', value: 0.5 + wave + step / 4e5 });
    all.push({ step, epoch, at, name: 'learning_rate', value: 1e-3 * (1 - step / 2e5) });
  }
  return all;
}

/** As far as the chart writes it. */
function lastLoss(step: number): string {
  return String(points(step, step)[0]?.value).slice(0, 5);
}

describe('a dashboard of 100 000 points', () => {
  it('redraws, zooms, moves and grows quickly', async () => {
    const fake = new FakeRuns();
    const run = fake.add(fakeRun({ step: steps }), points(1, steps));
    const shown = await openPage(browser, {
      page: 'training',
      input: () => ({ runIds: [run.id] }),
      panel: fake.serve,
    });
    try {
      const { page } = shown;
      const plot = page.locator('[data-metric="loss"] .plot');
      await plot.locator('canvas').waitFor({ timeout: 120_000 });
      const label = (): Promise<string | null> => plot.getAttribute('aria-label');
      await eventually(async () => (await label())?.includes('batches: ') === true, { timeoutMs: 60_000 });

      const median = (name: string): Promise<number> =>
        page.evaluate(async (what) => {
          const target = document.querySelector<HTMLElement>('[data-metric="loss"] .plot');
          const slider = document.querySelector<HTMLInputElement>('#smoothing');
          const press = (key: string, shiftKey = false): void => {
            target?.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true }));
          };
          const times: number[] = [];
          for (let i = 1; i <= 9; i++) {
            const began = performance.now();
            if (what === 'zoom') press(i % 2 === 1 ? '+' : '-');
            else if (what === 'pan') press(i % 2 === 1 ? 'ArrowLeft' : 'ArrowRight', true);
            else if (slider !== null) {
              slider.value = String(i / 10);
              slider.dispatchEvent(new Event('input'));
            }
            await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
            times.push(performance.now() - began);
          }
          return times.sort((a, b) => a - b)[4] ?? NaN;
        }, name);
      const smoothing = await median('smooth');
      const zoom = await median('zoom');
      await page.evaluate(() => {
        const target = document.querySelector<HTMLElement>('[data-metric="loss"] .plot');
        target?.dispatchEvent(new KeyboardEvent('keydown', { key: '+' }));
      });
      const pan = await median('pan');

      await page.locator('#smoothing').fill('0');
      await eventually(async () => (await label())?.includes(`batches: ${lastLoss(steps)}`) === true);
      await page.evaluate(() => {
        const canvas = document.querySelector('[data-metric="loss"] canvas');
        if (canvas !== null) Object.assign(canvas, { kept: true });
      });
      fake.points.set(run.id, [...(fake.points.get(run.id) ?? []), ...points(steps + 1, steps + 200)]);
      fake.change(run.id, { step: steps + 200 });
      await eventually(async () => (await label())?.includes(`batches: ${lastLoss(steps + 200)}`) === true, {
        timeoutMs: 60_000,
      });
      // It grew in place.
      expect(
        await page.evaluate(() => {
          const canvas = document.querySelector('[data-metric="loss"] canvas');
          return canvas !== null && 'kept' in canvas;
        }),
      ).toBe(true);
      if (process.env['GOYA_FIGURES'] !== undefined)
        process.stdout.write(`${JSON.stringify({ smoothing, zoom, pan })}\n`);
      for (const time of [smoothing, zoom, pan]) expect(time).toBeLessThan(1000);
      expect(shown.problems).toEqual([]);
    } finally {
      await shown.close();
    }
  });
});
