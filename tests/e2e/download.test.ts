import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually';
import { useStudio } from './support/studio';

const repoId = 'goya-test/tiny-voice-fa';
const weights = randomBytes(3_000_000);
const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

describe('from the palette to the library', () => {
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
    await hub.add('goya-test/other', { 'config.json': '{}' }, { tags: ['fa'], downloads: 5 });
    hub.fault({ host: 'cdn', bytesPerSecond: 500_000 });
  });

  it('searches as one types, plans and downloads with live progress', async () => {
    const { workbench, hub } = studio();
    await workbench.run('Goya: Search Models');
    const pick = workbench.quickPick();
    await pick.row(repoId).waitFor();
    await pick.filter('tiny-voice');
    await eventually(async () => (await pick.rows().count()) === 1);
    await pick.choose(repoId);
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
    await workbench.statusBar(/1 download/).waitFor();
    await studio().screenshot('download-progress');
    hub.clearFaults();
    await row.filter({ hasText: '3.0 MB' }).waitFor({ timeout: 60_000 });
    expect(sha256(await readFile(studio().at('models', repoId, 'model.safetensors')))).toBe(sha256(weights));
  });

  it('lists it under Models', async () => {
    const { workbench } = studio();
    await workbench.openSidebar();
    await workbench.tree('Models').show();
    await workbench.tree('Models').row('tiny-voice-fa').waitFor();
    await studio().screenshot('models');
  });
});
