import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually';
import { useStudio } from './support/studio';

const repoId = 'goya-test/tiny-voice-fa';
const weights = randomBytes(3_000_000);
const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

describe('from the search to the library', () => {
  const studio = useStudio({}, async ({ hub }) => {
    await hub.add(
      repoId,
      {
        'config.json': JSON.stringify({ model_type: 'vits', vocab_size: 32 }),
        'model.safetensors': weights,
        'notes.txt': 'of the training',
        'README.md': '---\nlicense: mit\nlanguage: fa\n---\n# A tiny voice\n',
      },
      {
        tags: ['vits', 'fa', 'license:mit', 'region:us'],
        pipeline_tag: 'text-to-speech',
        library_name: 'transformers',
        downloads: 1234,
      },
    );
    await hub.add('goya-test/other', { 'config.json': '{}' }, { tags: ['fa'], downloads: 5 });
    hub.fault({ host: 'cdn', bytesPerSecond: 500_000 });
  });

  it('searches as one types, and opens the page of what was found', async () => {
    const { workbench } = studio();
    await workbench.run('Goya: Search Models');
    const pick = workbench.quickPick();
    await pick.row(repoId).waitFor();
    await pick.filter('tiny-voice');
    await eventually(async () => (await pick.rows().count()) === 1);
    await pick.row(/mit · 3\.0 MB · does not run here yet.*1\.2k downloads/i).waitFor();
    await studio().screenshot('search');
    await pick.input.press('Enter');
    const page = workbench.webview();
    await page.locator('.model-card h3:has-text("A tiny voice")').waitFor({ timeout: 60_000 });
    expect(await page.locator('h1').textContent()).toBe(repoId);
    expect(await page.locator('[data-part="licence"]').textContent()).toContain('mit');
    expect(await page.locator('[data-part="verdict"]').textContent()).toContain('Does not run here yet');
    await page.locator('#primary:has-text("Download 3.0 MB")').waitFor();
    await studio().screenshot('model-page');
  });

  it('downloads what is ticked there, with live progress', async () => {
    const { workbench, hub } = studio();
    await workbench.openSidebar();
    await workbench.tree('Downloads').show();
    const page = workbench.webview();
    await page.locator('input[data-path="notes.txt"]').uncheck();
    await page.locator('#sums:has-text("3 files")').waitFor();
    await page.locator('#primary:has-text("Download")').click();

    await page.locator('#primary:has-text("Pause")').waitFor();
    const row = workbench.tree('Downloads').row('tiny-voice-fa');
    const seen = new Set<string>();
    const shares = new Set<string>();
    await eventually(
      async () => {
        const percent = /(\d+)\s?%/.exec((await row.textContent()) ?? '')?.[1];
        const share = /(\d+)\s?%/.exec((await page.locator('#state').textContent()) ?? '')?.[1];
        if (percent !== undefined) seen.add(percent);
        if (share !== undefined) shares.add(share);
        return seen.size >= 3 && shares.size >= 3;
      },
      { timeoutMs: 60_000, everyMs: 50 },
    );
    await workbench.statusBar(/1 download/).waitFor();
    await studio().screenshot('download-progress');
    hub.clearFaults();
    await row.filter({ hasText: '3.0 MB' }).waitFor({ timeout: 60_000 });
    await page.locator('#primary:has-text("Show folder")').waitFor({ timeout: 60_000 });
    await page.text('Installed: every ticked file is here.').waitFor();
    await studio().screenshot('model-page-installed');
    const at = (name: string): string => studio().at('models', repoId, name);
    expect(sha256(await readFile(at('model.safetensors')))).toBe(sha256(weights));
    await expect(readFile(at('notes.txt'))).rejects.toThrow(/ENOENT/);
  });

  it('shows the same page after the window was loaded again', async () => {
    await studio().open();
    const page = studio().workbench.webview();
    await page.locator('#primary:has-text("Show folder")').waitFor({ timeout: 90_000 });
    expect(await page.locator('h1').textContent()).toBe(repoId);
    expect(await page.locator('input[data-path="notes.txt"]').isChecked()).toBe(false);
  });

  it('plans a download straight from the search with →', async () => {
    const { workbench, page } = studio();
    await workbench.run('Goya: Search Models');
    const pick = workbench.quickPick();
    await pick.filter('other');
    await pick.row('goya-test/other').waitFor();
    await eventually(async () => (await pick.rows().count()) === 1);
    await pick.input.press('End');
    await pick.input.press('ArrowRight');
    await pick.row(/Choose Files/).waitFor();
    await page.keyboard.press('Escape');
  });

  it('lists it under Models', async () => {
    const { workbench } = studio();
    await workbench.openSidebar();
    await workbench.tree('Models').show();
    await workbench.tree('Models').row('tiny-voice-fa').waitFor();
    await studio().screenshot('models');
  });
});
