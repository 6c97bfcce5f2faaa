import { describe, expect, it } from 'vitest';
import { useStudio } from './support/studio';

const patience = { timeout: 60_000 };

describe('the first minutes', () => {
  // A password, as somebody may have written into the settings.
  const studio = useStudio({ settings: { 'goya.hub.proxy': 'http://sara:geheim@127.0.0.1:9' } });

  it('have five steps, each with a picture and what to do', async () => {
    const { workbench, page } = studio();
    await workbench.run('Goya: Get Started');
    const steps = page.locator('.getting-started-step');
    await steps.first().waitFor(patience);
    expect(await steps.count()).toBe(5);
    await page.getByRole('button', { name: 'Browse Persian Models' }).waitFor(patience);
    await workbench.webview().locator('svg').first().waitFor(patience);
    await studio().screenshot('walkthrough');
  });

  it('end at the doctor, whose report can be handed on', async () => {
    const { workbench } = studio();
    await workbench.run('Goya: Doctor');
    const report = workbench.webview();
    await report.locator('h1:has-text("Doctor")').waitFor(patience);
    const told = workbench.notification(
      'The report has no tokens, passwords or name of your home folder in it.',
    );
    await told.getByRole('button', { name: 'Copy' }).waitFor(patience);
    const text = await report.locator('body').innerText();
    expect(text).toContain('goya.hub.proxy');
    expect(text).not.toContain('geheim');
    await studio().screenshot('doctor');
  });
});
