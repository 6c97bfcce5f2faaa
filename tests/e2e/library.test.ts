import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually';
import { useStudio } from './support/studio';

const repoId = 'goya-test/tiny-voice-fa';
const weights = randomBytes(300_000);
const patience = { timeoutMs: 60_000, everyMs: 100 };

describe('models that move and break', () => {
  const studio = useStudio({}, async ({ hub }) => {
    await hub.add(
      repoId,
      { 'config.json': JSON.stringify({ model_type: 'vits' }), 'model.safetensors': weights },
      { tags: ['vits', 'fa', 'license:mit'], pipeline_tag: 'text-to-speech' },
    );
  });
  const file = (): string => studio().at('models', repoId, 'model.safetensors');

  it('are exported as one archive', async () => {
    const { workbench } = studio();
    await workbench.openSidebar();
    await workbench.run('Goya: Download Model by Name');
    const pick = workbench.quickPick();
    await pick.asking(/mms-tts/).waitFor();
    await pick.answer(repoId);
    await pick.choose(/Download 0\.3 MB/);
    await workbench.tree('Models').row('tiny-voice-fa').waitFor({ timeout: 60_000 });

    await workbench.run('Goya: Export Model');
    await pick.choose(/tiny-voice-fa/);
    await pick.choose('One Archive (.tar)');
    await workbench.fileDialog().choose(studio().at('voice.tar'));
    await workbench.notification('tiny-voice-fa is exported: 2 files').waitFor({ timeout: 60_000 });
    expect((await stat(studio().at('voice.tar'))).size).toBeGreaterThan(weights.length);
  });

  it('are removed after a question, and come back from the archive', async () => {
    const { workbench } = studio();
    const models = workbench.tree('Models');
    await workbench.run('Goya: Remove Model');
    const pick = workbench.quickPick();
    await pick.choose(/tiny-voice-fa/);
    await workbench.dialog().getByRole('button', { name: 'Delete' }).click();
    await models.row('No models yet').waitFor({ timeout: 60_000 });
    await expect(stat(file())).rejects.toThrow(/ENOENT/);

    await workbench.run('Goya: Import Model');
    await pick.choose('An Exported Archive');
    await workbench.fileDialog().choose(studio().at('voice.tar'));
    await models.row('tiny-voice-fa').waitFor({ timeout: 60_000 });
    await workbench.notification('its files are what the hub has').waitFor({ timeout: 60_000 });
    expect(weights.equals(await readFile(file()))).toBe(true);
  });

  it('are found damaged, marked, and repaired', async () => {
    const { workbench } = studio();
    const damaged = Buffer.from(weights);
    damaged.writeUInt8(damaged.readUInt8(1000) ^ 0xff, 1000);
    await writeFile(file(), damaged);
    // No more than three stand there at a time.
    await workbench.run('Notifications: Clear All Notifications');
    await workbench.run('Goya: Verify Model');
    await workbench.quickPick().choose(/tiny-voice-fa/);
    const row = workbench.tree('Models').row('tiny-voice-fa');
    await row.locator('.codicon-warning, .codicon-error').first().waitFor({ timeout: 60_000 });
    // It may have gone to the list by itself already: there it stays.
    await workbench.run('Notifications: Show Notifications');
    const told = workbench.notification('tiny-voice-fa has damaged files: 1.');
    await told.waitFor({ timeout: 60_000 });
    await studio().screenshot('model-damaged');

    await told.getByRole('button', { name: 'Repair' }).click();
    await eventually(async () => weights.equals(await readFile(file())), patience);
    await row.locator('.codicon-warning, .codicon-error').first().waitFor({ state: 'hidden' });
    await studio().screenshot('model-repaired');
  });

  it('are asked for their repository when nothing in the folder tells it', async () => {
    const { workbench } = studio();
    const folder = studio().at('brought');
    await mkdir(folder);
    await writeFile(path.join(folder, 'config.json'), JSON.stringify({ model_type: 'vits' }));
    await writeFile(path.join(folder, 'model.safetensors'), weights);
    await workbench.run('Notifications: Clear All Notifications');
    await workbench.run('Goya: Import Model');
    const pick = workbench.quickPick();
    await pick.choose('A Folder');
    await workbench.fileDialog().choose(folder);
    await pick.asking(/mms-tts-fas/).waitFor({ timeout: 60_000 });
    await pick.root.getByText('Which hub repository is it?').first().waitFor();
    await studio().screenshot('import-asks');
    await pick.answer(repoId);
    await workbench.notification('its files are what the hub has').waitFor({ timeout: 60_000 });
  });
});
