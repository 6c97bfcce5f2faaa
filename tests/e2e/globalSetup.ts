/**
 * Once per run: packages what was built as users get it, and installs that into an extensions folder of its own.
 * Each test file then starts its own VS Code on it (support/studio.ts).
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { ensureBuilt } from '../../scripts/lib/build.mjs';
import { findChromium } from '../../scripts/lib/chromium.mjs';
import { installExtension } from '../../scripts/lib/codeServer/start.mjs';
import { requirements } from '../../scripts/lib/requirements.mjs';
import { packageVsix } from '../../scripts/lib/vsix.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    readonly codeServer: string;
    readonly chromium: string;
    /** Holds the installed .vsix. */
    readonly extensionsDir: string;
    readonly vsix: { readonly file: string; readonly size: number; readonly files: number };
  }
}

const root = path.resolve(import.meta.dirname, '../..');

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await requirements.chromium();
  await requirements.fonts();
  const codeServer = await requirements.codeserver();
  if (process.env['GOYA_BUILT'] !== '1') await ensureBuilt(root);
  const folder = await mkdtemp(path.join(tmpdir(), 'goya-e2e-'));
  const vsix = await packageVsix({ root, file: path.join(folder, 'goya.vsix') });
  const extensionsDir = path.join(folder, 'extensions');
  await installExtension({
    folder: codeServer,
    vsix: vsix.file,
    extensionsDir,
    userDataDir: path.join(folder, 'profile'),
  });
  const chromium = await findChromium();
  if (chromium === undefined) throw new Error('Chromium was installed but is not to be found');
  project.provide('codeServer', codeServer);
  project.provide('chromium', chromium);
  project.provide('extensionsDir', extensionsDir);
  project.provide('vsix', vsix);
  return () => rm(folder, { recursive: true, force: true });
}
