import { existsSync } from 'node:fs';
import path from 'node:path';
import { whichOf } from './run.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'msedge'];

/** A Chromium of any make: `GOYA_CHROMIUM`, then the PATH, then where the systems put it. */
export async function findChromium({ env = process.env, platform = process.platform } = {}) {
  if (env.GOYA_CHROMIUM) return env.GOYA_CHROMIUM;
  return (
    (await whichOf(names, { env, platform })) ?? usualPlaces(env, platform).find((file) => existsSync(file))
  );
}

function usualPlaces(env, platform) {
  if (platform === 'darwin')
    return [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ];
  if (platform !== 'win32') return [];
  return [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
    .filter(Boolean)
    .flatMap((folder) => [
      path.win32.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      path.win32.join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]);
}
