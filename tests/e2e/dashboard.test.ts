/** The dashboard while its run goes on: closed, hidden, its window loaded again. Nothing that was measured is missing after it. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually';
import { readEvents } from '../fixtures/tfEvents';
import { repository, useStudio } from './support/studio';

const iris = await readFile(path.join(repository, 'samples/workspace/data/iris.csv'));
const config = JSON.stringify({
  task: 'tabular-classification',
  name: 'flowers',
  data: { path: 'data/iris.csv', label: 'species', validation: 0.2 },
  // Longer than the test: it is stopped by it.
  training: { epochs: 20_000, batchSize: 8, seed: 7 },
  output: 'models/trained/flowers',
});

describe('a dashboard that is left', () => {
  const studio = useStudio({ files: { 'data/iris.csv': iris, 'flowers.train.json': config } });
  const dashboard = () => studio().workbench.webview();

  /** Newest first, as the table of the values of each epoch has them. */
  async function epochs(): Promise<number[]> {
    const table = dashboard().locator('details:has(.epoch-table)');
    await table.waitFor({ timeout: 60_000 });
    if ((await table.getAttribute('open')) === null) await table.locator('summary').click();
    const cells = table.locator('tbody tr td:first-child');
    await cells.first().waitFor({ timeout: 60_000 });
    return (await cells.allTextContents()).map((text) => Number(text.replaceAll(',', '')));
  }
  async function untilEpoch(least: number): Promise<number> {
    return eventually(
      async () => {
        const [newest = 0] = await epochs();
        return newest >= least && newest;
      },
      { timeoutMs: 120_000 },
    );
  }
  function expectWhole(list: readonly number[]): void {
    const newest = list[0] ?? 0;
    // The table shows 500 epochs at most.
    expect(list).toEqual(Array.from({ length: Math.min(500, newest) }, (_, i) => newest - i));
  }

  it('shows what happened while it was closed', async () => {
    const { workbench } = studio();
    const editor = await workbench.openFile('flowers.train.json');
    await editor.codeLens('Train').click({ timeout: 30_000 });
    await dashboard().locator('#run-state[data-state="running"]').waitFor({ timeout: 60_000 });
    const before = await untilEpoch(3);
    await workbench.run('View: Close Editor');
    await workbench.run('Goya: Open Dashboard');
    await untilEpoch(before + 3);
    expectWhole(await epochs());
  });

  it('has every point after the window was loaded again', async () => {
    const { workbench, page } = studio();
    const before = await untilEpoch(8);
    // By VS Code's own command, which keeps what is open first: the browser's may come before that is written.
    const loaded = page.waitForEvent('load', { timeout: 60_000 });
    await workbench.run('Developer: Reload Window');
    await loaded;
    await workbench.ready();
    await dashboard().locator('#run-state').waitFor({ timeout: 90_000 });
    await untilEpoch(before);
    // Its backend went with the window: the run waits at a checkpoint, and goes on along the same curve.
    await dashboard().locator('#run-state[data-state="interrupted"]').waitFor({ timeout: 60_000 });
    await dashboard().locator('#resume').click();
    await dashboard().locator('#run-state[data-state="running"]').waitFor({ timeout: 60_000 });
    await untilEpoch(before + 3);
    await dashboard().locator('#stop').click();
    await dashboard().locator('#run-state[data-state="stopped"]').waitFor({ timeout: 60_000 });
    expectWhole(await epochs());
    await studio().screenshot('dashboard-after-reload');
  });

  it('saves a chart as a picture', async () => {
    const { page } = studio();
    await dashboard().button('Save Loss as PNG').first().click();
    const field = page.locator('.quick-input-widget:visible input').first();
    await eventually(async () => (await field.inputValue()).endsWith('loss.png'), { timeoutMs: 30_000 });
    await field.press('Enter');
    const picture = await eventually(
      async () => {
        const bytes = await readFile(studio().at('loss.png')).catch(() => Buffer.alloc(0));
        // It is whole once its last chunk is there.
        return bytes.subarray(-8, -4).toString('latin1') === 'IEND' && bytes;
      },
      { timeoutMs: 30_000 },
    );
    expect(picture.subarray(1, 4).toString('latin1')).toBe('PNG');
  });

  it('exports every point of it', async () => {
    const { page } = studio();
    const [newest = 0] = await epochs();
    await dashboard().locator('#export-csv').click();
    // A browser has no save dialog of its own: VS Code asks for the path.
    const field = page.locator('.quick-input-widget:visible input').first();
    await eventually(async () => (await field.inputValue()).endsWith('flowers.csv'), { timeoutMs: 30_000 });
    await field.press('Enter');
    const text = await eventually(
      () => readFile(studio().at('flowers.csv'), 'utf8').catch(() => false as const),
      { timeoutMs: 30_000 },
    );
    const [head, ...rows] = text.trimEnd().split('\r\n');
    expect(head).toBe('run,run_id,metric,step,epoch,value,time');
    const column = (metric: string, at: number): number[] =>
      rows
        .map((row) => row.split(','))
        .filter((cells) => cells[2] === metric)
        .map((cells) => Number(cells[at]));
    const counted = column('val_loss', 4);
    expect(counted).toEqual(Array.from({ length: counted.length }, (_, i) => i + 1));
    expect(counted.length).toBeGreaterThanOrEqual(newest);

    await dashboard().locator('#export-tensorboard').click();
    await eventually(async () => (await field.inputValue()).endsWith('workspace/'), { timeoutMs: 30_000 });
    await page.locator('.quick-input-widget:visible .monaco-button', { hasText: 'Export' }).click();
    const file = await eventually(
      async () => {
        const names = await readdir(studio().workspace, { recursive: true });
        return (
          names.find((name) => /flowers-[^/]+\/events\.out\.tfevents\.[^/]*(?<!\.part)$/.test(name)) ?? false
        );
      },
      { timeoutMs: 30_000 },
    );
    const [version, ...events] = readEvents(await readFile(studio().at(file)));
    expect(version?.version).toBe('brain.Event:2');
    expect(events).toHaveLength(rows.length);
    expect(events.filter(({ tag }) => tag === 'val_loss').map(({ value }) => value)).toEqual(
      column('val_loss', 5).map(Math.fround),
    );
  });
});
