import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually';
import { useStudio } from './support/studio';

const repoId = 'goya-test/tiny-voice-fa';
const weights = randomBytes(3_000_000);
const patience = { timeoutMs: 60_000, everyMs: 100 };
const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

describe('the downloads view', () => {
  const studio = useStudio(
    { hub: { tokens: { hf_good: { name: 'sara', role: 'read' } } } },
    async ({ hub }) => {
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
      hub.fault({ host: 'cdn', bytesPerSecond: 40_000 });
    },
  );

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

  it('takes a download before another with a click', async () => {
    const { workbench, hub } = studio();
    for (const name of ['first', 'second']) {
      await hub.add(`goya-test/${name}`, { 'model.safetensors': randomBytes(400_000) });
    }
    hub.fault({ host: 'cdn', bytesPerSecond: 2_000 });
    const downloads = workbench.tree('Downloads');
    for (const name of ['first', 'second']) {
      await start(`goya-test/${name}`);
      await downloads.row(`goya-test/${name}`).waitFor();
    }
    await workbench.run('Goya: Pause All Downloads');
    await downloads.row('goya-test/second').filter({ hasText: 'paused' }).waitFor();
    await downloads.row('goya-test/first').filter({ hasText: 'paused' }).waitFor();
    const order = async (): Promise<string[]> =>
      (await downloads.rows().allTextContents()).flatMap((text) => /first|second/.exec(text) ?? []);
    expect(await order()).toEqual(['first', 'second']);

    await downloads.fromMenu('goya-test/second', 'Move Download Up');
    await eventually(async () => (await order()).join() === 'second,first', patience);
    await studio().screenshot('download-moved');
  });

  it('leads from a download that is not let in to the token, and shows the model anew', async () => {
    const { workbench, hub } = studio();
    const gated = { gated: 'manual', readers: ['hf_good'] } as const;
    const files = { 'model.safetensors': weights, 'README.md': '# Behind a gate' };
    await hub.add('goya-test/gate', files);
    await start('goya-test/gate');
    const downloads = workbench.tree('Downloads');
    const row = downloads.row('goya-test/gate');
    await row.waitFor();
    await (await downloads.action('goya-test/gate', 'Pause Download')).click();
    await row.filter({ hasText: 'paused' }).waitFor();
    await hub.add('goya-test/gate', files, gated);
    await (await downloads.action('goya-test/gate', 'Resume Download')).click();
    await row.filter({ hasText: /failed: .* is gated/ }).waitFor({ timeout: 60_000 });

    await downloads.fromMenu('goya-test/gate', 'Open Model Page');
    const model = workbench.webview();
    await model.locator('[data-part="access"] #set-token').waitFor({ timeout: 60_000 });
    await studio().screenshot('download-gated');

    await (await downloads.action('goya-test/gate', 'Set Hugging Face Token')).click();
    const pick = workbench.quickPick();
    await pick.asking(/hf_/).waitFor();
    await pick.answer('hf_good');
    await workbench.notification('You are sara on the hub').waitFor();
    await model.locator('[data-part="access"] #set-token').waitFor({ state: 'detached', timeout: 60_000 });
    await model.locator('[data-part="access"]').waitFor();
    await studio().screenshot('download-let-in');

    hub.clearFaults();
    await (await downloads.action('goya-test/gate', 'Retry Download')).click();
    await row.filter({ hasText: '3.0 MB' }).waitFor({ timeout: 60_000 });
  });

  async function start(repo: string): Promise<void> {
    const { workbench } = studio();
    await workbench.run('Goya: Download Model by Name');
    const pick = workbench.quickPick();
    await pick.asking(/mms-tts/).waitFor();
    await pick.answer(repo);
    await pick.choose(/Download \d/);
  }
});
