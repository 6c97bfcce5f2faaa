/**
 * Pictures of every view and page in VS Code's four themes and in Persian, in test-results/looks, to be looked at;
 * `npm run pictures` takes the readme's from them. Each page is tried by axe and by the Tab key as it stands there.
 */
import { describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually';
import { accessFaults, tabFaults } from './looks/access';
import { fill, large, recogniser, voice } from './looks/content';
import { downloads, emptyViews, filledViews, type View } from './looks/views';
import { looks, putOn } from './support/looks';
import { useStudio } from './support/studio';

const studio = useStudio({ samples: true }, fill);
const persian = { 'goya.language': 'fa' };

/** The mouse, on the status bar where nothing says what it is. */
async function rest(): Promise<void> {
  await studio().page.mouse.move(800, 893);
}

async function clear(): Promise<void> {
  const { workbench, page } = studio();
  await rest();
  await page.keyboard.press('Escape');
  if (await page.locator('.part.panel').isVisible()) await page.keyboard.press('ControlOrMeta+j');
  await workbench.run('Notifications: Clear All Notifications');
}

async function picture(name: string): Promise<void> {
  await rest();
  await studio().screenshot(name, 'looks');
}

async function inEveryTheme(view: View): Promise<void> {
  await clear();
  await view.open(studio());
  const faults: string[] = [];
  for (const [i, look] of looks.entries()) {
    await putOn(studio(), look);
    if (view.passing === true) await view.open(studio());
    await picture(`${view.name}-${look.name}`);
    // What stands on a page is the same in every theme, but for its colours.
    faults.push(
      ...(await accessFaults(studio(), i === 0 ? 'rules' : 'colours')).map((f) => `${look.name}: ${f}`),
    );
  }
  // Last: going through a page scrolls it.
  expect([...faults, ...(await tabFaults(studio()))]).toEqual([]);
}

async function inPersian(view: View): Promise<void> {
  await clear();
  await view.open(studio());
  await picture(`${view.name}-fa`);
  expect(await accessFaults(studio(), 'rules')).toEqual([]);
}

describe('before anything was done', () => {
  it.each(emptyViews)('$name', inEveryTheme);
});

describe('with models, a run and a data set', () => {
  it('that a person made', async () => {
    const { workbench, hub } = studio();
    await clear();
    await workbench.openSidebar();
    await workbench.run('View: Close All Editors');
    for (const repoId of [voice, recogniser]) {
      await workbench.run('Goya: Download Model by Name');
      await workbench.quickPick().answer(repoId);
      await workbench.quickPick().choose(/Download/);
      await workbench
        .tree('Models')
        .row(repoId.split('/')[1] ?? '')
        .waitFor({ timeout: 60_000 });
    }
    hub.fault({ host: 'cdn', bytesPerSecond: 20_000 });
    await workbench.run('Goya: Download Model by Name');
    await workbench.quickPick().answer(large);
    await workbench.quickPick().choose(/Download/);
    await workbench
      .tree('Downloads')
      .row(downloads.large)
      .filter({ hasText: '%' })
      .waitFor({ timeout: 60_000 });

    const editor = await workbench.openFile('iris.train.json');
    await editor.codeLens('Train').click({ timeout: 60_000 });
    await workbench.webview().locator('#run-state[data-state="completed"]').waitFor({ timeout: 120_000 });
    await workbench.run('Goya: Import Data Set…');
    await workbench.quickPick().choose('A Folder');
    await workbench.fileDialog().choose(studio().at('data', 'گفتار'));
    await workbench.tree('Data Sets').row('گفتار').waitFor({ timeout: 60_000 });
  });
  it.each(filledViews)('$name', inEveryTheme);
});

describe('in Persian', () => {
  it('the pages are mirrored', async () => {
    const { workbench } = studio();
    await clear();
    await studio().set(persian);
    await studio().open();
    await workbench.openSidebar();
    await workbench.run('Goya: Open Dashboard');
    const html = workbench.webview().locator('html');
    await eventually(async () => (await html.getAttribute('dir')) === 'rtl', { timeoutMs: 60_000 });
    expect(await html.getAttribute('lang')).toBe('fa');
    await clear();
  });
  it.each([...filledViews, ...emptyViews.slice(3)])('$name', inPersian);
});
