import { readFile, readlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { encodeRow, loadModel, predict } from '../../scripts/demo/plainTfjs.mjs';
import { eventually } from '../fixtures/eventually';
import { describeEngines } from '../../backend/training/engines/describe';
import { descendants } from './support/processes';
import { repository, useStudio } from './support/studio';

const iris = await readFile(path.join(repository, 'samples/workspace/data/iris.csv'));
const config = JSON.stringify({
  task: 'tabular-classification',
  name: 'flowers',
  data: { path: 'data/iris.csv', label: 'species', validation: 0.2 },
  training: { epochs: 40, batchSize: 8, seed: 7 },
  output: 'models/trained/flowers',
});
const result = z.object({
  engine: z.string(),
  labels: z.array(z.object({ label: z.string(), score: z.number() })),
});
const metadata = z.object({ labels: z.array(z.string()), preprocessing: z.unknown() });
const row = { sepal_length: 6.1, sepal_width: 2.8, petal_length: 4.7, petal_width: 1.2 };

describe('from a config to a model that answers', () => {
  const studio = useStudio({ files: { 'data/iris.csv': iris, 'flowers.train.json': config } });

  it('trains from the lens and shows loss and accuracy live', async () => {
    const { workbench } = studio();
    const editor = await workbench.openFile('flowers.train.json');
    await editor.codeLens('Train').click({ timeout: 30_000 });
    const dashboard = workbench.webview();
    await dashboard.locator('#run-state').waitFor({ timeout: 60_000 });
    const figures = dashboard.locator('.run-figures').first();
    const seen = new Set<string>();
    await eventually(
      async () => {
        seen.add((await figures.textContent()) ?? '');
        return (await dashboard.locator('#run-state').getAttribute('data-state')) === 'completed';
      },
      { timeoutMs: 120_000, everyMs: 100 },
    );
    // Live: the figures were seen at several epochs, not only at the end.
    expect(seen.size).toBeGreaterThan(3);
    await dashboard.locator('canvas').first().waitFor();
    await studio().screenshot('dashboard');
  });

  it("ran on VS Code's own Node, on the best engine of this machine", async () => {
    const { pid } = studio();
    const programOf = async (text: string): Promise<string> => {
      const [process] = await descendants(pid, text);
      return readlink(`/proc/${process?.pid ?? 'none'}/exe`);
    };
    expect(await programOf('dist/backend/main.js')).toBe(await programOf('--type=extensionHost'));
    const best = (await describeEngines({ storagePath: undefined })).find(({ available }) => available);
    const text = await readFile(studio().at('models/trained/flowers/goya.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ engine: { name: best?.name } });
    process.stdout.write(`trained in VS Code on ${best?.name ?? ''}, Node ${process.version}\n`);
  });

  it('lists the run with its checkpoints in the sidebar', async () => {
    const { workbench } = studio();
    await workbench.openSidebar();
    const tree = workbench.tree('Training');
    await tree.show();
    await tree.row(/flowers.*completed/).waitFor();
    await tree.expand('flowers');
    await tree.row(/best.*loss/).waitFor();
    await studio().screenshot('checkpoints');
  });

  it('answers in the playground with the numbers of plain tf.js', async () => {
    const { workbench } = studio();
    await workbench.webview().locator('#try').click();
    const playground = workbench.webview();
    for (const [column, value] of Object.entries(row)) {
      const field = playground.locator(`[data-column="${column}"]`);
      await field.waitFor({ timeout: 60_000 });
      await field.locator('input').fill(String(value));
    }
    await playground.locator('#run').click();
    const answer = playground.locator('output[data-result]');
    const text = await eventually(async () => (await answer.textContent()) || false, { timeoutMs: 60_000 });
    const { labels } = result.parse(JSON.parse(text));

    const folder = studio().at('models/trained/flowers');
    const meta = metadata.parse(JSON.parse(await readFile(path.join(folder, 'goya.json'), 'utf8')));
    const [expected] = predict(await loadModel(folder), [encodeRow(row, meta.preprocessing)]);
    expect(expected).toHaveLength(3);
    for (const [i, label] of meta.labels.entries()) {
      const score = labels.find((one) => one.label === label)?.score;
      expect(score).toBeCloseTo(expected?.[i] ?? Number.NaN, 4);
    }
    await studio().screenshot('playground');
  });

  it('is tried again with a copy of the config, and the two runs are told apart', async () => {
    const { workbench, page } = studio();
    const tree = workbench.tree('Training');
    await tree.fromMenu(/flowers.*completed/, 'Duplicate Config');
    await workbench.tab('flowers-2.train.json').waitFor({ timeout: 60_000 });
    const copy = z.looseObject({ name: z.string(), output: z.string() });
    const { name, output } = copy.parse(
      JSON.parse(await readFile(studio().at('flowers-2.train.json'), 'utf8')),
    );
    expect([name, output]).not.toContain('flowers');
    await workbench.editor().codeLens('Train').click({ timeout: 60_000 });
    await tree.row(new RegExp(`${name}.*completed`)).waitFor({ timeout: 120_000 });
    await tree.fromMenu(new RegExp(`${name}.*completed`), 'Compare Config with Another Run…');
    await workbench.quickPick().choose('flowers');
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor({ timeout: 60_000 });
    await studio().screenshot('compare-configs');
  });
});
