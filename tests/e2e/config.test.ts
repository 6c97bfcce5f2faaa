import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually';
import { repository, useStudio } from './support/studio';

const iris = await readFile(path.join(repository, 'samples/workspace/data/iris.csv'));
const config = `{
  "task": "tabular-classification",
  "name": "flowers",
  "data": { "path": "data/iris.csv", "label": "species" },
  "training": {
    "epochs": 3
  }
}
`;

describe('a training config in the editor', () => {
  const studio = useStudio({ files: { 'data/iris.csv': iris, 'flowers.train.json': config } });

  it('is without errors and offers to train', async () => {
    const editor = await studio().workbench.openFile('flowers.train.json');
    await editor.codeLens('Train').waitFor({ timeout: 30_000 });
    expect(await editor.errors().count()).toBe(0);
  });

  it('underlines a wrong field as it is typed and takes it back when it is right', async () => {
    const { workbench } = studio();
    const editor = workbench.editor();
    await editor.clickBehind('"epochs": 3');
    await editor.type(', "epoch": 5');
    await editor.errors().first().waitFor({ timeout: 20_000 });
    const problems = await workbench.problems();
    await problems
      .filter({ hasText: /epochs/ })
      .first()
      .waitFor();
    await studio().screenshot('config-problem');
    await editor.lines().first().click();
    for (let i = 0; i < 3; i += 1) await studio().page.keyboard.press('ControlOrMeta+z');
    await editor.replaceAll(config);
    await eventually(async () => (await editor.errors().count()) === 0, { timeoutMs: 20_000 });
  });

  it('completes fields and values', async () => {
    const { workbench, page } = studio();
    const editor = workbench.editor();
    await editor.replaceAll(config);
    await editor.clickBehind('"epochs": 3');
    await editor.type(',\n"batchS');
    await editor.suggest();
    await editor.suggestions().filter({ hasText: 'batchSize' }).first().waitFor();
    await studio().screenshot('config-completion');
    await page.keyboard.press('Enter');
    await eventually(async () => (await editor.lines().allInnerTexts()).join('\n').includes('"batchSize":'));
  });
});
