/** A whole VS Code with Goya in it, for one test file: its own workspace, profile, hub, server and browser page. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, inject, onTestFailed } from 'vitest';
import {
  startCodeServer,
  writeUserSettings,
  type RunningCodeServer,
} from '../../../scripts/lib/codeServer/start.mjs';
import { startHub, type Hub } from '../../fixtures/hub/server.mjs';
import { launchBrowser } from './browser';
import { Workbench } from './workbench';

export const repository = path.resolve(import.meta.dirname, '../../..');
export const resultsFolder = path.join(repository, 'test-results');

export interface StudioOptions {
  /** Files of the workspace, by relative path; the sample workspace is copied first when `samples` is set. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  readonly samples?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly colorScheme?: 'dark' | 'light';
}

const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'window.confirmBeforeClose': 'never',
  'editor.minimap.enabled': false,
};

export class Studio {
  private constructor(
    readonly workspace: string,
    readonly hub: Hub,
    readonly workbench: Workbench,
    readonly page: Page,
    private readonly folder: string,
    private readonly server: RunningCodeServer,
    private readonly browser: Browser,
  ) {}

  static async start(options: StudioOptions = {}): Promise<Studio> {
    const folder = await mkdtemp(path.join(tmpdir(), 'goya-studio-'));
    const workspace = path.join(folder, 'workspace');
    await fillWorkspace(workspace, options);
    const userDataDir = path.join(folder, 'profile');
    const hub = await startHub();
    await writeUserSettings(userDataDir, {
      ...quietSettings,
      'goya.hub.endpoint': hub.url,
      ...options.settings,
    });
    const server = await startCodeServer({
      folder: inject('codeServer'),
      workspace,
      extensionsDir: inject('extensionsDir'),
      userDataDir,
      // Nothing of the person's own: caches of the official client, database, token.
      env: { HF_HOME: path.join(folder, 'hf-home'), HF_TOKEN: '', HF_ENDPOINT: hub.url, DATABASE_URL: '' },
    });
    const browser = await launchBrowser(inject('chromium'));
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const studio = new Studio(workspace, hub, new Workbench(page), page, folder, server, browser);
    await page.goto(server.url);
    await studio.workbench.ready();
    return studio;
  }

  /** A path in the workspace. */
  at(...parts: string[]): string {
    return path.join(this.workspace, ...parts);
  }

  /** Saves what the page shows to test-results/<name>.png. */
  async screenshot(name: string): Promise<string> {
    const file = path.join(resultsFolder, `${name.replaceAll(/[^\w-]+/g, '-')}.png`);
    await mkdir(resultsFolder, { recursive: true });
    await this.page.screenshot({ path: file });
    return file;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    await this.hub.close();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function fillWorkspace(workspace: string, { files, samples }: StudioOptions): Promise<void> {
  await mkdir(workspace, { recursive: true });
  if (samples === true) {
    await cp(path.join(repository, 'samples/workspace'), workspace, { recursive: true });
  }
  for (const [name, content] of Object.entries(files ?? {})) {
    const file = path.join(workspace, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/**
 * Starts a studio before the first test of a file and ends it after the last; a failed test leaves a picture in
 * test-results/. `prepare` may add repositories to the hub or touch the workspace.
 */
export function useStudio(
  options: StudioOptions = {},
  prepare?: (studio: Studio) => Promise<void>,
): () => Studio {
  let studio: Studio | undefined;
  const current = (): Studio => {
    if (studio === undefined) throw new Error('the studio has not started');
    return studio;
  };
  beforeAll(async () => {
    studio = await Studio.start(options);
    await prepare?.(studio);
  });
  beforeEach((context) => {
    onTestFailed(async () => {
      await studio?.screenshot(`failed-${context.task.name}`);
    });
  });
  afterAll(async () => studio?.close());
  return current;
}
