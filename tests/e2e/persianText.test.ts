import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually';
import { useStudio } from './support/studio';

const note = ['# يادداشت', '', '  كتاب هاي علي را مي خوانم .', 'سال 1403 و ۲۰% آن', 'بدون تغییر'].join('\n');
const patience = { timeoutMs: 60_000 };

describe('Persian text in an editor', () => {
  const studio = useStudio({
    files: { 'note.md': note, 'یادداشت.txt': 'قیمت ۱۲ تومان\nو ۱۲ ریال\n' },
    settings: { 'files.autoSave': 'off' },
  });
  const saved = (name: string) => readFile(studio().at(name), 'utf8');
  /** The two sides of the diff in front. */
  const sides = async (): Promise<string[]> => {
    const texts = await studio().page.locator('.monaco-diff-editor .editor .view-lines').allInnerTexts();
    return texts.map((text) => text.replaceAll('\u00a0', ' '));
  };
  const diffShows = (text: string) =>
    eventually(async () => (await sides()).some((side) => side.includes(text)), patience);

  it('is normalised after a look at the diff, in one step of undo', async () => {
    const { workbench, page } = studio();
    await workbench.openFile('note.md');
    await workbench.run('Goya: Normalise Persian Text');
    await diffShows('کتاب\u200Cهای علی را می\u200Cخوانم.');
    expect(await saved('note.md')).toBe(note);
    await studio().screenshot('persian-diff');
    await workbench.notification('would change 3 lines').getByRole('button', { name: 'Apply' }).click();
    await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    await workbench.editor().save();
    const wanted = [
      '# یادداشت',
      '',
      '  کتاب\u200Cهای علی را می\u200Cخوانم.',
      'سال ۱۴۰۳ و ۲۰٪ آن',
      'بدون تغییر',
    ];
    await eventually(async () => (await saved('note.md')) === wanted.join('\n'), patience);
    await page.keyboard.press('ControlOrMeta+z');
    await workbench.editor().save();
    await eventually(async () => (await saved('note.md')) === note, patience);
  });

  it('is put into words where it is selected, with the button of the diff', async () => {
    const { workbench, page } = studio();
    await workbench.openFile('یادداشت.txt');
    await page.keyboard.press('ControlOrMeta+Home');
    await page.keyboard.press('Shift+End');
    await workbench.run('Goya: Numbers to Words');
    await diffShows('قیمت دوازده تومان');
    expect((await sides()).some((side) => side.includes('و دوازده ریال'))).toBe(false);
    await workbench.run('Notifications: Clear All Notifications');
    await page.locator('.editor-actions [aria-label^="Apply Previewed Text"]').first().click();
    await page.locator('.monaco-diff-editor').waitFor({ state: 'detached' });
    await workbench.editor().save();
    await eventually(async () => (await saved('یادداشت.txt')) === 'قیمت دوازده تومان\nو ۱۲ ریال\n', patience);
  });

  it('is said word by word', async () => {
    const { workbench } = studio();
    await workbench.openFile('یادداشت.txt');
    await workbench.run('Goya: Show Pronunciation');
    const report = workbench.webview();
    await report.locator('td:has-text("دوازده")').first().waitFor({ timeout: 60_000 });
    expect(await report.locator('table').innerText()).toContain('d æ v ɒː z d æ h');
    await studio().screenshot('persian-pronunciation');
  });

  it('says that there is nothing to change', async () => {
    const { workbench } = studio();
    await workbench.openFile('note.md');
    await workbench.editor().replaceAll('می\u200Cخوانم.');
    await workbench.run('Goya: Normalise Persian Text');
    await workbench.notification('nothing to change').waitFor({ timeout: 60_000 });
  });
});
