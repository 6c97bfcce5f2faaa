import { readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readWav } from '../../ml/audio/wav';
import { eventually } from '../fixtures/eventually';
import { useStudio } from './support/studio';

/** A second of 440 Hz, 16 bit mono. */
function tone(): Buffer {
  const rate = 16_000;
  const wav = Buffer.alloc(44 + rate * 2);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + rate * 2, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(rate * 2, 40);
  for (let i = 0; i < rate; i += 1)
    wav.writeInt16LE(Math.round(12_000 * Math.sin((2 * Math.PI * 440 * i) / rate)), 44 + 2 * i);
  return wav;
}

describe('an audio file', () => {
  const studio = useStudio({
    files: {
      'tone.wav': tone(),
      'second.wav': tone(),
      'second.txt': 'سلام دنیا',
      'broken.wav': 'this is no sound',
    },
  });

  it('opens with its waveform drawn, and plays', async () => {
    const { workbench } = studio();
    await workbench.openPath('tone.wav');
    const page = workbench.webview();
    const canvas = page.locator('canvas').first();
    await canvas.waitFor({ timeout: 60_000 });
    await eventually(
      () =>
        canvas.evaluate((element) => {
          const { width, height } = element as HTMLCanvasElement;
          const data = (element as HTMLCanvasElement)
            .getContext('2d')
            ?.getImageData(0, 0, width, height).data;
          return new Set(data?.filter((_, i) => i % 4 === 3) ?? []).size > 1;
        }),
      { timeoutMs: 30_000 },
    );
    await studio().screenshot('audio');
    await page.button(/^Play/).click();
    await page.button(/^Pause/).waitFor();
  });

  it('has its text beside it, whose words are heard, and gives a part of itself as a file', async () => {
    const { workbench, page } = studio();
    await workbench.openPath('second.wav');
    const view = workbench.webview();
    const word = view.locator('.transcript .word').filter({ hasText: 'دنیا' });
    await word.waitFor({ timeout: 60_000 });
    expect(await word.evaluate((element) => getComputedStyle(element).direction)).toBe('rtl');
    await word.click();
    await view.button(/^Pause/).waitFor();
    // It stops behind the word.
    await view.button(/^Play/).waitFor({ timeout: 30_000 });
    const position = Number(await view.locator('[role="slider"]').getAttribute('aria-valuenow'));
    expect(position).toBeGreaterThan(0.4);

    const box = (await view.locator('.wave-lane').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.25, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, y, { steps: 4 });
    await page.mouse.up();
    await view.locator('.selection').waitFor();
    await studio().screenshot('audio-transcript-selection');
    await view.button('Export selection').click();
    await workbench.fileDialog().choose(studio().at('half.wav'));
    await eventually(() => stat(studio().at('half.wav')).then(({ size }) => size > 44), {
      timeoutMs: 30_000,
    });
    const half = readWav(await readFile(studio().at('half.wav')));
    expect(half.sampleRate).toBe(16_000);
    expect((half.channels[0]?.length ?? 0) / 16_000).toBeCloseTo(0.5, 1);
    await studio().screenshot('audio-exported');
  });

  it('says what is wrong with a file that is no sound', async () => {
    const { workbench } = studio();
    await workbench.openPath('broken.wav');
    await workbench
      .webview()
      .text(/broken\.wav/)
      .waitFor({ timeout: 30_000 });
    expect(await workbench.webview().locator('[role="alert"]').count()).toBeGreaterThan(0);
    await studio().screenshot('audio-broken');
  });

  it('is compared with another one, and still is after the window was reloaded', async () => {
    const { workbench, page } = studio();
    await workbench.run('Goya: Compare Audio Files');
    await workbench.fileDialog().choose(studio().at('tone.wav'), 'First Audio File');
    await workbench.fileDialog().choose(studio().at('second.wav'), 'Second Audio File');
    const waves = () => workbench.webview().locator('canvas.wave');
    await eventually(async () => (await waves().count()) === 2, { timeoutMs: 60_000 });
    await studio().screenshot('audio-compare');
    // By VS Code's own command, which keeps what is open before it goes: the browser's may be quicker than that.
    await page.evaluate(() => document.body.setAttribute('data-before', ''));
    await workbench.run('Developer: Reload Window');
    await page.locator('body[data-before]').waitFor({ state: 'detached', timeout: 60_000 });
    await workbench.ready();
    await eventually(async () => (await waves().count()) === 2, { timeoutMs: 60_000 });
    expect(await workbench.webview().text('second.wav').count()).toBeGreaterThan(0);
    await studio().screenshot('audio-compare-reloaded');
  });
});
