/** In a real VS Code: a selection is spoken by a voice, and a sound is written down by a recogniser. */
import { copyFile, cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually } from '../fixtures/eventually';
import { writeVoice } from '../fixtures/voiceFolder';
import { repository, useStudio } from './support/studio';

const golden = path.join(repository, 'tests/goldens/data/wav2vec2_base');
/** The second recording has no text yet. */
const table = 'file,text\nگفتار.wav,سلام\nدوم.wav,\n';
const patience = { timeoutMs: 60_000, everyMs: 100 };

describe('speech in the editor', () => {
  const studio = useStudio({ files: { 'poem.md': 'سلا\n', 'rows.csv': table } }, async ({ workspace }) => {
    await writeVoice(path.join(workspace, 'tiny-voice'));
    await cp(golden, path.join(workspace, 'tiny-ear'), { recursive: true });
    for (const name of ['گفتار.wav', 'دوم.wav'])
      await copyFile(path.join(golden, 'expected', 'audio_16k.wav'), path.join(workspace, name));
  });

  async function imports(folder: string): Promise<void> {
    const { workbench } = studio();
    await workbench.run('Notifications: Clear All Notifications');
    await workbench.run('Goya: Import Model');
    const pick = workbench.quickPick();
    await pick.choose('A Folder…');
    await workbench.fileDialog().choose(studio().at(folder));
    await pick.root.getByText('Which hub repository is it?').first().waitFor({ timeout: 60_000 });
    await pick.input.press('Enter');
    await workbench.tree('Models').row(folder).waitFor({ timeout: 60_000 });
  }

  it('speaks what is selected, and lets the cursor stay in the text', async () => {
    const { workbench, page } = studio();
    await workbench.openSidebar();
    await imports('tiny-voice');
    await workbench.openFile('poem.md');
    await workbench.run('Select All');
    await workbench.run('Goya: Speak Selection');
    const view = workbench.webview();
    await view.locator('#speech-text').filter({ hasText: 'سلا' }).waitFor({ timeout: 60_000 });
    await view.locator('#spoken-wave').waitFor({ timeout: 60_000 });
    await eventually(
      () => view.locator('#spoken').evaluate((sound: HTMLAudioElement) => sound.duration > 0),
      patience,
    );
    await studio().screenshot('speak-selection');
    // Nothing is spoken any more: nothing says that it is.
    await eventually(async () => (await workbench.statusBar('Speaking').count()) === 0, patience);
    expect(await page.locator('.notification-toast .codicon-error').count()).toBe(0);
  });

  it('writes a sound down beside it, with times', async () => {
    const { workbench, page } = studio();
    await imports('tiny-ear');
    await workbench.run('Goya: Transcribe Audio File');
    await workbench.fileDialog().choose(studio().at('گفتار.wav'));
    await workbench.tab('گفتار.txt').waitFor({ timeout: 60_000 });
    const expected = z.looseObject({ decoded_skip_special: z.string() });
    const { decoded_skip_special: wanted } = expected.parse(
      JSON.parse(await readFile(path.join(golden, 'expected', 'expected.json'), 'utf8')),
    );
    const lines = page.locator('.editor-instance .view-lines').first();
    await eventually(async () => ((await lines.textContent()) ?? '').includes('0:00'), patience);
    await studio().screenshot('transcript');
    await workbench.notification('is written down').getByText('Save Beside the Sound…').first().click();
    await workbench.quickPick().choose('.json', 10_000);
    const transcript = z.object({ text: z.string(), segments: z.array(z.object({ text: z.string() })) });
    const saved = await eventually(async () => {
      const file = await readFile(studio().at('گفتار.json'), 'utf8').catch(() => undefined);
      return file === undefined ? false : transcript.parse(JSON.parse(file));
    }, patience);
    expect(saved.text).toBe(wanted);
    expect(saved.segments.length).toBeGreaterThan(0);
  });

  it('drafts the texts that a data set lacks, as changes that are not in its file yet', async () => {
    const { workbench } = studio();
    const before = await readFile(studio().at('rows.csv'), 'utf8');
    await workbench.run('Notifications: Clear All Notifications');
    await workbench.run('Goya: Import Data Set…');
    await workbench.quickPick().choose('A File…');
    await workbench.fileDialog().choose(studio().at('rows.csv'));
    await workbench.notification('is on the list').waitFor({ timeout: 60_000 });
    await workbench.tree('Data Sets').fromMenu('rows', 'Draft Transcripts…');
    await workbench.notification('1 drafts are in the table').waitFor({ timeout: 60_000 });
    const page = workbench.webview();
    await page.locator('[role="row"]').nth(2).waitFor({ timeout: 60_000 });
    await studio().screenshot('draft-transcripts');
    expect(await readFile(studio().at('rows.csv'), 'utf8')).toBe(before);
  });
});
