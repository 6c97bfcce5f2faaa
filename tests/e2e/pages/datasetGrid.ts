/** The page of a data set over a real one: the desk that the backend's thread has, without the thread. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { DatasetDesk } from '../../../backend/datasets/desk';
import { writeWav } from '../../../ml/audio/wavWriter';
import {
  datasetsEdit,
  datasetsInspect,
  datasetsNormalize,
  datasetsRedo,
  datasetsRows,
  datasetsUndo,
} from '../../../protocol/api/datasets';
import { panelCommand, panelFileUri } from '../../../protocol/api/panel';
import { openPage, type OpenOptions, type OpenPage } from './harness';

const watched = { signal: new AbortController().signal };

export class DatasetGrid {
  readonly commands: string[] = [];

  private constructor(
    readonly shown: OpenPage,
    readonly root: string,
  ) {}

  static async open(
    browser: Browser,
    root: string,
    options: Partial<OpenOptions> = {},
  ): Promise<DatasetGrid> {
    const desk = new DatasetDesk(path.join(root, 'storage'));
    const set = path.join(root, 'set');
    const commands: string[] = [];
    const shown = await openPage(browser, {
      page: 'dataset',
      input: () => ({ path: set, name: 'صداهای نمونه' }),
      folders: { set },
      panel: (peer, origin) => {
        peer.handle(datasetsInspect, async (params) => {
          const { format, items, problems, stats } = await desk.inspect(params, watched);
          return { format, items, problems, stats };
        });
        peer.handle(datasetsRows, (params) => desk.rows(params, watched));
        peer.handle(datasetsEdit, (params) => desk.edit(params, watched));
        peer.handle(datasetsNormalize, (params) => desk.normalize(params, watched));
        peer.handle(datasetsUndo, (params) => desk.undo(params, watched));
        peer.handle(datasetsRedo, (params) => desk.redo(params, watched));
        peer.handle(panelFileUri, ({ path: file }) =>
          Promise.resolve({ uri: `${origin}/set/${path.relative(set, file)}` }),
        );
        peer.handle(panelCommand, ({ command }) => {
          commands.push(command);
          return Promise.resolve({});
        });
      },
      ...options,
    });
    const grid = new DatasetGrid(shown, root);
    grid.commands.push(...commands);
    await grid.rows().first().waitFor({ timeout: 30_000 });
    return grid;
  }

  get page(): Page {
    return this.shown.page;
  }

  rows(): Locator {
    return this.page.locator('.rows [role="row"]:not([hidden])');
  }

  row(id: string): Locator {
    return this.rows().filter({ has: this.page.locator('.cell-id', { hasText: new RegExp(`^${id}$`) }) });
  }

  text(id: string): Locator {
    return this.row(id).locator('.row-text');
  }

  changes(): Promise<string> {
    return this.page.locator('#changes').innerText();
  }

  async focus(id: string): Promise<void> {
    await this.row(id).locator('.cell-id').click();
    await this.page.locator('#rows').focus();
  }
}

const sentences = [
  'سلام دنيا، امروز هوا آفتابي است.',
  'سال ۱۴۰۲ سال خوبی بود.',
  'می‌خواهم  به خانه بروم.',
  'این یک test کوتاه است.',
  'کتاب را روی میز گذاشتم.',
  'آیا فردا به مدرسه می‌روی؟',
];

/** LJSpeech with recordings for the first rows; more rows have none. */
export async function makeDataset(rows = 40): Promise<string> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'goya-grid-'));
  await mkdir(path.join(root, 'set', 'wavs'), { recursive: true });
  const lines: string[] = [];
  for (let i = 0; i < rows; i++) {
    const id = `clip${String(i).padStart(4, '0')}`;
    lines.push(`${id}|${sentences[i % sentences.length] ?? ''} ${i > 5 ? 'شماره' : ''}`.trim());
    if (i >= 24) continue;
    const samples = new Float32Array(8000 * (1 + (i % 5)));
    for (let t = 0; t < samples.length; t++) samples[t] = (i === 3 ? 3 : 0.3) * Math.sin(t * (0.1 + i / 100));
    const clipped = samples.map((value) => Math.max(-1, Math.min(1, value)));
    const wav = writeWav({ sampleRate: i === 7 ? 16_000 : 8000, channels: [clipped] });
    await writeFile(path.join(root, 'set', 'wavs', `${id}.wav`), wav);
  }
  await writeFile(path.join(root, 'set', 'metadata.csv'), `${lines.join('\n')}\n`);
  return root;
}

export const removeDataset = (root: string): Promise<void> => rm(root, { recursive: true, force: true });
