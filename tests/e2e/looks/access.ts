/** What keeps people with a screen reader, a keyboard or little sight from the page in front; none where VS Code's stands. */
import type { Frame } from 'playwright-core';
import { seriousViolations } from '../pages/axe';
import type { Studio } from '../support/studio';
import { keyboardFaults } from './keyboard';

/** What axe finds by all of its rules, or by that on contrast: the only one that themes differ in. */
export async function accessFaults(studio: Studio, depth: 'rules' | 'colours'): Promise<string[]> {
  const frame = await ownPage(studio);
  if (frame === undefined) return [];
  return seriousViolations(frame, depth === 'colours' ? ['color-contrast'] : undefined);
}

export async function tabFaults(studio: Studio): Promise<string[]> {
  const frame = await ownPage(studio);
  return frame === undefined ? [] : keyboardFaults(studio.page, frame);
}

async function ownPage({ workbench }: Studio): Promise<Frame | undefined> {
  return (await workbench.webview().locator('#app').isVisible()) ? workbench.webview().own() : undefined;
}
