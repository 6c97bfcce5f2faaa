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
import { startHub, type Hub, type HubOptions } from '../../fixtures/hub/server.mjs';
import { launchBrowser } from './browser';
import { withExtensions } from './moreExtensions';
import { Workbench } from './workbench';

export const repository = path.resolve(import.meta.dirname, '../../..');
export const resultsFolder = path.join(repository, 'test-results');

export interface StudioOptions {
  /** Files of the workspace, by relative path; the sample workspace is copied first when `samples` is set. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  readonly samples?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Of the loopback hub: the tokens it knows, for example. */
  readonly hub?: HubOptions;
  /** Folders of extensions that are packed and installed beside Goya. */
  readonly extensions?: readonly string[];
  /** Another folder of extensions than the one with the packaged Goya, and another VS Code than the tests' own. */
  readonly extensionsDir?: string;
  readonly codeServer?: string;
  /** Folder of an extension that is loaded as its developers do, without being packaged. */
  readonly development?: string;
  /** More environment variables of the server and what it starts. */
  readonly env?: Readonly<Record<string, string>>;
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

interface StudioParts {
  readonly folder: string;
  readonly workspace: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly hub: Hub;
  readonly page: Page;
  readonly server: RunningCodeServer;
  readonly browser: Browser;
}

export class Studio {
  readonly workspace: string;
  readonly hub: Hub;
  readonly page: Page;
  readonly workbench: Workbench;

  private constructor(private readonly parts: StudioParts) {
    this.workspace = parts.workspace;
    this.hub = parts.hub;
    this.page = parts.page;
    this.workbench = new Workbench(parts.page);
  }

  static async start(options: StudioOptions = {}): Promise<Studio> {
    const folder = await mkdtemp(path.join(tmpdir(), 'goya-studio-'));
    const workspace = path.join(folder, 'workspace');
    await fillWorkspace(workspace, options);
    const userDataDir = path.join(folder, 'profile');
    const hub = await startHub(options.hub);
    const settings = { ...quietSettings, 'goya.hub.endpoint': hub.url, ...options.settings };
    await writeUserSettings(userDataDir, settings);
    const server = await startCodeServer({
      folder: options.codeServer ?? inject('codeServer'),
      workspace,
      extensionsDir:
        options.extensions === undefined
          ? (options.extensionsDir ?? inject('extensionsDir'))
          : await withExtensions(folder, options.extensions),
      userDataDir,
      // Nothing of the person's own: caches of the official client, database, token.
      env: {
        HF_HOME: path.join(folder, 'hf-home'),
        HF_TOKEN: '',
        HF_ENDPOINT: hub.url,
        DATABASE_URL: '',
        ...options.env,
      },
    });
    const browser = await launchBrowser(inject('chromium'));
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const studio = new Studio({ folder, workspace, settings, hub, page, server, browser });
    await studio.open(options.development === undefined ? {} : studio.loading(options.development));
    return studio;
  }

  /** Loads the window (again). `query` goes to VS Code: a development extension and its tests, for example. */
  async open(query: Readonly<Record<string, string>> = {}): Promise<void> {
    const url = new URL(this.parts.server.url);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    await this.page.goto(url.href);
    await this.workbench.ready();
  }

  /** The query that loads an extension from its folder; `tests` is a module in it that runs in its host. */
  loading(folder: string, tests?: string): Readonly<Record<string, string>> {
    const remote = (...parts: string[]): string =>
      `vscode-remote://${new URL(this.origin).host}${path.join(folder, ...parts)}`;
    const payload = [['extensionDevelopmentPath', remote()]];
    if (tests !== undefined) payload.push(['extensionTestsPath', remote(tests)]);
    return { payload: JSON.stringify(payload) };
  }

  /** Changes the user's settings on disk, as an editor of settings.json would; VS Code takes them over by itself. */
  async set(settings: Readonly<Record<string, unknown>>): Promise<void> {
    await writeUserSettings(this.profile, { ...this.parts.settings, ...settings });
  }

  /** Where VS Code keeps what is the user's. */
  get profile(): string {
    return path.join(this.parts.folder, 'profile');
  }

  /** The server's own address, without a workspace. */
  get origin(): string {
    return this.parts.server.origin;
  }

  /** Process id of the server: everything this studio runs on the machine descends from it. */
  get pid(): number {
    return this.parts.server.pid;
  }

  /** A path in the workspace. */
  at(...parts: string[]): string {
    return path.join(this.workspace, ...parts);
  }

  /** Saves what the page shows to test-results/<name>.png, or into a folder there. */
  async screenshot(name: string, folder = ''): Promise<string> {
    const file = path.join(resultsFolder, folder, `${name.replaceAll(/[^\w-]+/g, '-')}.png`);
    await mkdir(path.dirname(file), { recursive: true });
    await this.page.screenshot({ path: file });
    return file;
  }

  async close(): Promise<void> {
    await this.parts.browser.close();
    await this.parts.server.stop();
    await this.hub.close();
    await rm(this.parts.folder, { recursive: true, force: true, maxRetries: 5 });
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
