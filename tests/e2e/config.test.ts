import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually';
import type { Editor } from './support/editor';
import { repository, useStudio } from './support/studio';

const iris = await readFile(path.join(repository, 'samples/workspace/data/iris.csv'));
const config = `{
  // Which kind a flower is.
  "task": "tabular-classification",
  "name": "flowers",
  "data": { "path": "data/iris.csv", "label": "species" },
  "training": {
    "epochs": 3,
  }
}
`;
/** Text is put in as it is: what the editor adds to typing is not tested here. */
const plainTyping = {
  'editor.autoIndent': 'none',
  'editor.autoClosingBrackets': 'never',
  'editor.autoClosingQuotes': 'never',
  'editor.autoSurround': 'never',
  'editor.formatOnType': false,
};
const textOf = async (editor: Editor): Promise<string> =>
  // The editor draws spaces as non-breaking ones.
  (await editor.lines().allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');

describe('a training config in the editor', () => {
  const studio = useStudio({
    files: { 'data/iris.csv': iris, 'flowers.train.json': config },
    settings: plainTyping,
  });
  const saved = () => readFile(studio().at('flowers.train.json'), 'utf8');

  /** Back to the config as it was. */
  async function restore(): Promise<Editor> {
    const editor = studio().workbench.editor();
    await editor.replaceAll(config);
    await eventually(async () => (await editor.errors().count()) + (await editor.warnings().count()) === 0, {
      timeoutMs: 30_000,
    });
    return editor;
  }

  it('has nothing underlined, comments and a last comma included, and offers what can be done', async () => {
    const editor = await studio().workbench.openFile('flowers.train.json');
    for (const lens of ['Train', 'Validate Data', 'Estimate'])
      await editor.codeLens(lens).waitFor({ timeout: 60_000 });
    await eventually(async () => (await editor.warnings().count()) === 0, { timeoutMs: 20_000 });
    expect(await editor.errors().count()).toBe(0);
    await studio().screenshot('config-lenses');
  });

  it('completes the fields of the task that the file names, each once', async () => {
    const { page } = studio();
    const editor = await restore();
    await editor.clickBehind('"epochs": 3,');
    await editor.type('\n"batchS"');
    await page.keyboard.press('ArrowLeft');
    await editor.suggest();
    const offered = editor.suggestions().filter({ hasText: 'batchSize' });
    await offered.first().waitFor({ timeout: 20_000 });
    expect(await offered.count()).toBe(1);
    await studio().screenshot('config-completion');
    await page.keyboard.press('Enter');
    await eventually(async () => (await textOf(editor)).includes('"batchSize": 32'));
  });

  it('offers the model of another task once the file names that', async () => {
    const editor = await restore();
    const sounds = '{ "task": "audio-classification", "data": { "path": "data" }, "model": { "" } }';
    await editor.replaceAll(sounds);
    await editor.clickBehind('"model": { "');
    await editor.suggest();
    for (const field of ['filters', 'mels', 'seconds'])
      await editor.suggestions().filter({ hasText: field }).first().waitFor({ timeout: 20_000 });
    expect(await editor.suggestions().filter({ hasText: 'hidden' }).count()).toBe(0);
    await studio().page.keyboard.press('Escape');
  });

  it('completes paths from what is on disk', async () => {
    const editor = await restore();
    await editor.replaceAll(config.replace('data/iris.csv', 'data/'));
    await editor.clickBehind('"path": "data/');
    await editor.suggest();
    const offered = editor.suggestions().filter({ hasText: 'iris.csv' });
    await offered.first().waitFor({ timeout: 20_000 });
    expect(await offered.count()).toBe(1);
    await studio().page.keyboard.press('Escape');
  });

  it('says a wrong field once, as an error, and mends it with a quick fix that can be undone', async () => {
    const { workbench, page } = studio();
    const editor = await restore();
    const wrong = config.replace('"epochs": 3', '"epoch": 3');
    await editor.replaceAll(wrong);
    const marked = editor.root.locator('.squiggly-error, .squiggly-warning');
    await editor.errors().first().waitFor({ timeout: 20_000 });
    expect(await editor.warnings().count()).toBe(0);
    await eventually(
      async () => (await (await workbench.problems()).filter({ hasText: 'epoch' }).count()) === 1,
      {
        timeoutMs: 20_000,
      },
    );
    await studio().screenshot('config-problem');
    // The Problems panel has the keyboard.
    await editor.lines().first().click();
    await editor.clickBehind('"epoch');
    await page.keyboard.press('ControlOrMeta+.');
    await page.locator('.action-widget').getByText('Rename to epochs').waitFor({ timeout: 20_000 });
    await studio().screenshot('config-quick-fix');
    await page.keyboard.press('Enter');
    await eventually(async () => (await textOf(editor)).includes('"epochs": 3'));
    await eventually(async () => (await marked.count()) === 0, { timeoutMs: 20_000 });
    await page.keyboard.press('ControlOrMeta+z');
    await eventually(async () => (await textOf(editor)).includes('"epoch": 3'));
  });

  it('underlines in red what only the data can tell, and knows the right column', async () => {
    const { page } = studio();
    const editor = await restore();
    await editor.replaceAll(config.replace('species', 'speces'));
    await editor.errors().first().waitFor({ timeout: 20_000 });
    await editor.clickBehind('"speces');
    await page.keyboard.press('ControlOrMeta+.');
    await page.locator('.action-widget').getByText('Change to "species"').waitFor({ timeout: 20_000 });
    await page.keyboard.press('Enter');
    await eventually(async () => (await textOf(editor)).includes('"label": "species"'));
    await eventually(async () => (await editor.errors().count()) === 0, { timeoutMs: 20_000 });
  });

  it('measures what a run would take and says it above the file until that changes', async () => {
    const editor = await restore();
    await editor.save();
    await eventually(async () => (await saved()) === config);
    await editor.codeLens('Estimate').click();
    await editor.codeLens('≈').waitFor({ timeout: 120_000 });
    await studio().screenshot('config-estimate');
    await editor.replaceAll(config.replace('"epochs": 3', '"epochs": 30'));
    await editor.codeLens('Estimate').waitFor({ timeout: 20_000 });
  });
});

describe('a new training config', () => {
  const studio = useStudio({ files: { 'data/iris.csv': iris } });

  it('is made from a file of the explorer, with its task guessed, and has nothing to complain about', async () => {
    const { page, workbench } = studio();
    await page.locator('.explorer-folders-view').getByText('data', { exact: true }).click();
    await page.locator('.explorer-folders-view').getByText('iris.csv').click({ button: 'right' });
    const item = page.locator('.monaco-menu').getByText('New Training Config');
    await item.waitFor();
    // A menu that has just opened takes no clicks yet.
    await eventually(
      async () => {
        if (await item.isVisible()) await item.click();
        return !(await item.isVisible());
      },
      { timeoutMs: 20_000 },
    );
    const title = page.locator('.quick-input-title');
    await title.filter({ hasText: /what to train/ }).waitFor({ timeout: 60_000 });
    await studio().screenshot('config-new-guess');
    await page.keyboard.press('Enter');
    await title.filter({ hasText: /its name/ }).waitFor({ timeout: 20_000 });
    await page.keyboard.press('Enter');
    await workbench.tab('iris.train.json').waitFor({ timeout: 20_000 });
    const editor = workbench.editor();
    await editor.codeLens('Train').waitFor({ timeout: 60_000 });
    const text = await readFile(studio().at('iris.train.json'), 'utf8');
    expect(text).toContain('"task": "tabular-classification"');
    expect(text).toContain('"label": "species"');
    await editor.codeLens('Validate Data').click();
    await workbench.notification(/is ready to train/).waitFor({ timeout: 60_000 });
    expect((await editor.errors().count()) + (await editor.warnings().count())).toBe(0);
    await studio().screenshot('config-new');
  });
});

describe('a training config in Persian', () => {
  const studio = useStudio({
    files: { 'data/iris.csv': iris, 'flowers.train.json': config },
    settings: { ...plainTyping, 'goya.language': 'fa' },
  });

  it('is explained in Persian, with Persian lenses and quick fixes', async () => {
    const { page, workbench } = studio();
    const editor = await workbench.openFile('flowers.train.json');
    await editor.codeLens('آموزش').waitFor({ timeout: 60_000 });
    const hover = page.locator('.monaco-hover').filter({ hasText: 'داده‌های آموزش' });
    // The schema comes from the backend: before it is there, there is nothing to say.
    await eventually(
      async () => {
        await editor.root.getByText('flowers').first().hover();
        await editor.root.getByText('"epochs"').first().hover();
        await hover.first().waitFor({ timeout: 3_000 });
        return true;
      },
      { timeoutMs: 60_000 },
    );
    expect(await hover.first().innerText()).toContain('چند بار همهٔ داده‌های آموزش دیده شود.');
    await studio().screenshot('config-hover-fa');
    await page.keyboard.press('Escape');
    await editor.replaceAll(config.replace('"epochs"', '"epoch"'));
    await editor.root.locator('.squiggly-error, .squiggly-warning').first().waitFor({ timeout: 20_000 });
    await editor.clickBehind('"epoch');
    await page.keyboard.press('ControlOrMeta+.');
    await page.locator('.action-widget').getByText('تغییر نام').waitFor({ timeout: 20_000 });
    await studio().screenshot('config-quick-fix-fa');
  });
});
