import { cp } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually } from '../fixtures/eventually';
import { findOnnx } from '../../backend/training/engines/locate';
import { writeVoice } from '../fixtures/voiceFolder';
import { repository, useStudio } from './support/studio';

const result = z.object({ words: z.array(z.object({ word: z.string() })) });

describe('the pronunciation model that ships', () => {
  const studio = useStudio({}, async ({ workspace }) => {
    await cp(path.join(repository, 'assets/g2p-fa'), path.join(workspace, 'g2p-fa'), { recursive: true });
    await writeVoice(path.join(workspace, 'tiny-voice'));
    await cp(path.join(repository, 'tests/fixtures/sherpa/piper'), path.join(workspace, 'tiny-piper'), {
      recursive: true,
    });
  });

  it('is imported from its folder, of which no repository is known', async () => {
    const { workbench } = studio();
    await workbench.openSidebar();
    await workbench.run('Goya: Import Model');
    const pick = workbench.quickPick();
    await pick.choose('A Folder…');
    await workbench.fileDialog().choose(studio().at('g2p-fa'));
    await pick.root.getByText('Which hub repository is it?').first().waitFor({ timeout: 60_000 });
    await studio().screenshot('import-repository');
    await pick.input.press('Enter');
    await workbench.tree('Models').row('Persian pronunciation').waitFor({ timeout: 60_000 });
    await workbench.notification('Not compared with the hub').waitFor();
  });

  it('says in the playground how a Persian sentence sounds', async () => {
    const { workbench } = studio();
    await (await workbench.tree('Models').action('Persian pronunciation', 'Try')).click();
    const playground = workbench.webview();
    const field = playground.locator('#text-input textarea, textarea#text-input').first();
    await field.waitFor({ timeout: 60_000 });
    await field.fill('سلام دنیا');
    await playground.locator('#run').click();
    const answer = playground.locator('output[data-result]');
    const text = await eventually(async () => (await answer.textContent()) || false, { timeoutMs: 60_000 });
    expect(result.parse(JSON.parse(text)).words.map(({ word }) => word)).toEqual(['سلام', 'دنیا']);
    // Written Persian leaves most vowels out: that they are here is the model's doing.
    expect(text).toMatch(/s.{0,30}l.{0,30}ɒː.{0,30}m/);
    await studio().screenshot('pronunciation');
  });

  it('is followed by a voice from its published files, which speaks in the playground', async () => {
    const { workbench } = studio();
    await workbench.run('Notifications: Clear All Notifications');
    await workbench.run('Goya: Import Model');
    const pick = workbench.quickPick();
    await pick.choose('A Folder…');
    await workbench.fileDialog().choose(studio().at('tiny-voice'));
    await pick.root.getByText('Which hub repository is it?').first().waitFor({ timeout: 60_000 });
    await pick.input.press('Enter');
    await workbench.tree('Models').row('tiny-voice').waitFor({ timeout: 60_000 });
    await (await workbench.tree('Models').action('tiny-voice', 'Try')).click();
    const playground = workbench.webview();
    await playground.locator('#speed').waitFor({ timeout: 60_000 });
    await playground.locator('#text-input textarea').fill('سلا');
    await playground.locator('#run').click();
    const wave = playground.locator('#spoken-wave');
    await wave.waitFor({ timeout: 120_000 });
    await eventually(
      () =>
        wave.evaluate((canvas: HTMLCanvasElement) => {
          const { width, height } = canvas;
          const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data;
          return pixels?.some((value) => value > 0) === true;
        }),
      { timeoutMs: 30_000 },
    );
    await eventually(
      () =>
        playground
          .locator('#spoken')
          .evaluate((sound: HTMLAudioElement) => sound.duration > 0 && sound.error === null),
      { timeoutMs: 30_000 },
    );
    expect(await playground.locator('.figures').textContent()).toContain('real-time factor');
    await studio().screenshot('voice');
  });

  it('and by a Piper voice, which speaks on the ONNX engine', async (context) => {
    const { engine } = await findOnnx({ storagePath: undefined });
    context.skip(engine === undefined, 'the ONNX engine is not installed: node scripts/ensure.mjs onnx');
    const { workbench } = studio();
    await workbench.run('Notifications: Clear All Notifications');
    await workbench.run('Goya: Import Model');
    const pick = workbench.quickPick();
    await pick.choose('A Folder…');
    await workbench.fileDialog().choose(studio().at('tiny-piper'));
    await pick.root.getByText('Which hub repository is it?').first().waitFor({ timeout: 60_000 });
    await pick.input.press('Enter');
    await workbench.tree('Models').row('tiny-piper').waitFor({ timeout: 60_000 });
    await (await workbench.tree('Models').action('tiny-piper', 'Try')).click();
    const playground = workbench.webview();
    await playground.locator('h1').getByText('tiny-piper').waitFor({ timeout: 60_000 });
    await playground.locator('#text-input textarea').fill('سلام دنیا. این یک آزمایش است.');
    await playground.locator('#run').click();
    const figures = playground.locator('.figures');
    await eventually(async () => (await figures.textContent())?.includes('sherpa-onnx') === true, {
      timeoutMs: 60_000,
    });
    await studio().screenshot('onnx-voice');
  });
});
