/** Every view and page of Goya, as a person comes to it: what the pictures are of. */
import type { Studio } from '../support/studio';
import { large, recogniser, voice } from './content';

export interface View {
  readonly name: string;
  /** Closed by the picker of themes: to be opened again in each. */
  readonly passing?: boolean;
  open(studio: Studio): Promise<void>;
}

const patience = { timeout: 60_000 };
const short = (repoId: string): string => repoId.split('/')[1] ?? repoId;

async function showTrees({ workbench, page }: Studio): Promise<void> {
  await workbench.openSidebar();
  for (const title of ['Models', 'Downloads', 'Training', 'Data Sets']) await workbench.tree(title).show();
  await page.mouse.move(700, 450);
}

async function tryModel({ workbench }: Studio, name: string): Promise<void> {
  await workbench.openSidebar();
  await (await workbench.tree('Models').action(name, 'Try')).click();
}

/** Of a workspace in which nothing has been done yet. */
export const emptyViews: readonly View[] = [
  {
    name: 'empty-sidebar',
    open: async (studio) => {
      await showTrees(studio);
      for (const title of ['Downloads', 'Training', 'Data Sets'])
        await studio.workbench.tree(title).welcome().waitFor();
      await studio.workbench.tree('Models').rows().nth(2).waitFor(patience);
    },
  },
  {
    name: 'empty-dashboard',
    open: async ({ workbench }) => {
      await workbench.run('Goya: Open Dashboard');
      await workbench.webview().locator('h1').first().waitFor(patience);
    },
  },
  {
    name: 'empty-playground',
    open: async ({ workbench }) => {
      await workbench.run('Goya: Open Playground');
      await workbench.webview().locator('h1').first().waitFor(patience);
    },
  },
  {
    name: 'walkthrough',
    open: async ({ workbench, page }) => {
      await workbench.run('Goya: Get Started');
      await page.locator('.getting-started-step').first().waitFor(patience);
      await workbench.webview().locator('svg').first().waitFor(patience);
    },
  },
  {
    name: 'doctor',
    open: async ({ workbench }) => {
      await workbench.run('Goya: Doctor');
      await workbench.webview().locator('h1').first().waitFor(patience);
    },
  },
  {
    name: 'settings',
    open: async ({ workbench, page }) => {
      await workbench.run('Goya: Open Settings');
      await page.locator('.settings-editor .setting-item').nth(3).waitFor(patience);
    },
  },
];

/** Of a workspace with models, a finished run and a data set. */
export const filledViews: readonly View[] = [
  {
    name: 'search',
    passing: true,
    open: async ({ workbench }) => {
      await workbench.run('Goya: Search Models');
      await workbench.quickPick().row(voice).waitFor(patience);
    },
  },
  {
    name: 'model',
    open: async ({ workbench }) => {
      await workbench.run('Goya: Search Models');
      const pick = workbench.quickPick();
      await pick.filter(short(voice));
      await pick.row(voice).click(patience);
      await workbench.webview().locator('.model-card h3').first().waitFor(patience);
    },
  },
  {
    name: 'dashboard',
    open: async (studio) => {
      const { workbench } = studio;
      await showTrees(studio);
      await workbench.tree('Models').row(short(voice)).waitFor(patience);
      await workbench.run('Goya: Open Dashboard');
      await workbench.webview().locator('canvas').first().waitFor(patience);
    },
  },
  {
    name: 'playground-table',
    open: async (studio) => {
      await tryModel(studio, 'Iris');
      const view = studio.workbench.webview();
      await view.locator('[data-column] input').first().waitFor(patience);
      const figures = [6.1, 2.8, 4.7, 1.2];
      for (const [i, value] of figures.entries())
        await view.locator('[data-column] input').nth(i).fill(String(value));
      await view.locator('#run').click();
      await view
        .locator('output[data-result]')
        .first()
        .waitFor({ ...patience, state: 'attached' });
    },
  },
  {
    name: 'playground-voice',
    open: async (studio) => {
      await tryModel(studio, short(voice));
      const view = studio.workbench.webview();
      await view.locator('textarea, [contenteditable]').first().fill('سلام');
      await view.locator('#run').click();
      await view.locator('#spoken-wave').waitFor(patience);
    },
  },
  {
    name: 'playground-ear',
    open: async (studio) => {
      await tryModel(studio, short(recogniser));
      await studio.workbench.webview().locator('.drop').first().waitFor(patience);
    },
  },
  {
    name: 'dataset',
    open: async ({ workbench }) => {
      await workbench.run('Goya: Open Data Set Rows');
      await workbench.quickPick().choose('گفتار');
      await workbench.webview().locator('.rows [role="row"]').first().waitFor(patience);
    },
  },
  {
    name: 'audio',
    open: async ({ workbench }) => {
      await workbench.openPath('واژه‌ها.wav');
      await workbench.webview().locator('.spectrogram[data-done="true"]').first().waitFor(patience);
    },
  },
  {
    name: 'audio-broken',
    open: async ({ workbench }) => {
      await workbench.openPath('broken.wav');
      await workbench.webview().locator('[role="alert"] .banner').waitFor(patience);
    },
  },
  {
    name: 'model-missing',
    open: async ({ workbench }) => {
      await workbench.run('Goya: Open Model Page…');
      await workbench.quickPick().answer('goya-test/nobody-knows');
      await workbench.webview().locator('[role="alert"] .banner').first().waitFor(patience);
    },
  },
  {
    name: 'config',
    open: async ({ workbench }) => {
      const editor = await workbench.openFile('flowers.train.json');
      await editor.codeLens(/./).waitFor(patience);
      await editor.errors().first().waitFor(patience);
      await (await workbench.problems()).first().waitFor(patience);
    },
  },
  {
    name: 'text-preview',
    open: async ({ workbench, page }) => {
      await workbench.openFile('یادداشت.md');
      await workbench.run('Goya: Normalise Persian Text');
      await page.locator('.monaco-diff-editor').waitFor(patience);
      await page.locator('.notification-toast .monaco-button').nth(1).waitFor(patience);
    },
  },
  {
    name: 'speech',
    open: async ({ workbench }) => {
      await workbench.openFile('یادداشت.md');
      await workbench.run('Goya: Speak Selection');
      await workbench.webview().locator('#spoken-wave').waitFor(patience);
    },
  },
];

export const downloads = { voice: short(voice), recogniser: short(recogniser), large: short(large) };
