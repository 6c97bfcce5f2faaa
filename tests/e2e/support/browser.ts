/** A headless Chromium that asks nothing of the outside world. */
import { chromium, type Browser } from 'playwright-core';

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  // The clipboard and audio of a test must not need a device or a click.
  '--autoplay-policy=no-user-gesture-required',
];

export function launchBrowser(executablePath: string): Promise<Browser> {
  // Chromium refuses its sandbox to root, which CI machines are.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args: [...quiet, ...sandbox] });
}
