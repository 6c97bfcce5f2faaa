import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually';
import { useStudio } from './support/studio';

const repoId = 'goya-test/tiny-voice-fa';
const weights = randomBytes(3_000_000);
const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

describe('the downloads view', () => {
  const studio = useStudio({}, async ({ hub }) => {
    await hub.add(
      repoId,
      {
        'config.json': JSON.stringify({ model_type: 'vits', vocab_size: 32 }),
        'model.safetensors': weights,
        'README.md': '---\nlicense: mit\nlanguage: fa\n---\n# A tiny voice\n',
      },
      {
        tags: ['vits', 'fa', 'license:mit', 'region:us'],
        pipeline_tag: 'text-to-speech',
        library_name: 'transformers',
        downloads: 1234,
      },
    );
    hub.fault({ host: 'cdn', bytesPerSecond: 150_000 });
  });

  it('shows a download and its files, live, and the total in the status bar', async () => {
    const { workbench } = studio();
    await workbench.openSidebar();
    await workbench.run('Goya: Download Model by Name');
    const pick = workbench.quickPick();
    await pick.input.fill(repoId);
    await pick.input.press('Enter');
    await pick.row(/Download 3\.0 MB/).click();

    const row = workbench.tree('Downloads').row('tiny-voice-fa');
    const seen = new Set<string>();
    await eventually(
      async () => {
        const percent = /(\d+)\s?%/.exec((await row.textContent()) ?? '')?.[1];
        if (percent !== undefined) seen.add(percent);
        return seen.size >= 3;
      },
      { timeoutMs: 60_000, everyMs: 50 },
    );
    await workbench.statusBar(/1 download \d+ % · .*\/s/).waitFor();

    const downloads = workbench.tree('Downloads');
    await downloads.expand('tiny-voice-fa');
    await downloads.row('config.json').filter({ hasText: '✓' }).waitFor();
    const file = downloads.row('model.safetensors');
    const shares = new Set<string>();
    await eventually(
      async () => {
        const share = /(\d+)\s?%/.exec((await file.textContent()) ?? '')?.[1];
        if (share !== undefined) shares.add(share);
        return shares.size >= 2;
      },
      { timeoutMs: 60_000, everyMs: 50 },
    );
    await studio().screenshot('download-progress');
  });

  it('pauses and resumes on the row, and ends whole', async () => {
    const { workbench, hub } = studio();
    const downloads = workbench.tree('Downloads');
    const row = downloads.row('tiny-voice-fa');
    await (await downloads.action('tiny-voice-fa', 'Pause Download')).click();
    await row.filter({ hasText: 'paused' }).waitFor();
    await downloads.row('model.safetensors').filter({ hasText: 'waiting' }).waitFor();
    await studio().screenshot('download-paused');
    hub.clearFaults();
    await (await downloads.action('tiny-voice-fa', 'Resume Download')).click();
    await row.filter({ hasText: /fa3\.0 MB/ }).waitFor({ timeout: 60_000 });
    await downloads.row('model.safetensors').filter({ hasText: '✓' }).waitFor();
    await studio().screenshot('download-done');
    expect(sha256(await readFile(studio().at('models', repoId, 'model.safetensors')))).toBe(sha256(weights));
  });
});
