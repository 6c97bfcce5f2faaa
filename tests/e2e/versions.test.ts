/**
 * The way from the search to a model that answers, in the lowest VS Code that Goya supports and in the newest that could
 * be had; as users have it installed, and from the folder as its developers do.
 */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, onTestFailed } from 'vitest';
import { installExtension } from '../../scripts/lib/codeServer/start.mjs';
import { requirements } from '../../scripts/lib/requirements.mjs';
import { lowest, newest, vscodeOf } from '../../scripts/lib/codeServer/versions.mjs';
import { repository, Studio } from './support/studio';

const patience = { timeout: 60_000 };
const repoId = 'goya-test/tiny-voice-fa';
const config = JSON.stringify({
  task: 'tabular-classification',
  name: 'flowers',
  data: { path: 'data/iris.csv', label: 'species', validation: 0.2 },
  training: { epochs: 5, batchSize: 16, seed: 7 },
  output: 'models/trained/flowers',
});

const manifest = JSON.parse(await readFile(path.join(repository, 'package.json'), 'utf8')) as {
  readonly engines: { readonly vscode: string };
};

it('names the lowest one in its manifest', () => {
  expect(manifest.engines.vscode).toBe(`^${vscodeOf(lowest)}.0`);
});

describe.each([
  { version: lowest, way: 'installed' },
  { version: newest, way: 'installed' },
  { version: lowest, way: 'from the folder' },
] as const)('VS Code of code-server $version, $way', ({ version, way }) => {
  let folder: string;
  let studio: Studio;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'goya-version-'));
    const codeServer = await requirements[version === newest ? 'newestcodeserver' : 'lowestcodeserver']();
    const extensionsDir = path.join(folder, 'extensions');
    await mkdir(extensionsDir);
    if (way === 'installed')
      await installExtension({
        folder: codeServer,
        vsix: inject('vsix').file,
        extensionsDir,
        userDataDir: path.join(folder, 'installer'),
      });
    const iris = await readFile(path.join(repository, 'samples/workspace/data/iris.csv'));
    studio = await Studio.start({
      codeServer,
      extensionsDir,
      files: { 'data/iris.csv': iris, 'flowers.train.json': config },
      ...(way === 'installed' ? {} : { development: repository }),
    });
    await studio.hub.add(
      repoId,
      {
        'config.json': JSON.stringify({ model_type: 'vits' }),
        'model.safetensors': Buffer.alloc(300_000, 7),
      },
      { tags: ['vits', 'fa', 'license:mit'], pipeline_tag: 'text-to-speech' },
    );
  });
  afterAll(async () => {
    await studio.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach((context) => {
    onTestFailed(() =>
      studio.screenshot(`failed-${version}-${way}-${context.task.name}`).then(() => undefined),
    );
  });

  it('searches and downloads', async () => {
    const { workbench } = studio;
    await workbench.openSidebar();
    await workbench.run('Goya: Search Models');
    const pick = workbench.quickPick();
    await pick.row(repoId).click(patience);
    const page = workbench.webview();
    // With its size: before that the plan is still being made.
    await page.locator('#primary:has-text("Download 300.0 kB")').click(patience);
    await page.locator('#primary:has-text("Show folder")').waitFor(patience);
    await workbench.tree('Models').row('tiny-voice-fa').waitFor(patience);
  });

  it('trains, and the trained model answers', async () => {
    const { workbench } = studio;
    const editor = await workbench.openFile('flowers.train.json');
    await editor.codeLens('Train').click(patience);
    await workbench.webview().locator('#run-state[data-state="completed"]').waitFor({ timeout: 90_000 });
    await workbench.webview().locator('#try').click();
    const playground = workbench.webview();
    await playground.locator('[data-column] input').first().waitFor(patience);
    for (const input of await playground.locator('[data-column] input').all()) await input.fill('3');
    await playground.locator('#run').click();
    await playground
      .locator('output[data-result]')
      .filter({ hasText: 'labels' })
      .waitFor({ ...patience, state: 'attached' });
    await studio.screenshot(`vscode-${vscodeOf(version)}-${way}`);
  });
});
