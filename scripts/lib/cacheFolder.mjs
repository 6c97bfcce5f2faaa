import os from 'node:os';
import path from 'node:path';

/**
 * Where everything lives that is downloaded or built once per machine: engines, wheels, code-server.
 * Outside the checkout, so that deleting or cloning the project again costs nothing.
 * `GOYA_CACHE` wins; otherwise each system's own place for caches.
 */
export function cacheFolder(options) {
  const { env, platform, home, p } = surroundings(options);
  if (env.GOYA_CACHE) return p.resolve(env.GOYA_CACHE);
  if (platform === 'win32')
    return p.join(env.LOCALAPPDATA || p.join(home, 'AppData', 'Local'), 'goya', 'cache');
  if (platform === 'darwin') return p.join(home, 'Library', 'Caches', 'goya');
  // The XDG specification: a relative path there is to be ignored.
  const xdg = env.XDG_CACHE_HOME;
  return p.join(xdg && p.isAbsolute(xdg) ? xdg : p.join(home, '.cache'), 'goya');
}

/**
 * Where the studio of `npm start` keeps its workspace and profile: a person's own work, so no place that
 * cleaners empty. `GOYA_CACHE` moves it along with everything else.
 */
export function studioFolder(options) {
  const { env, platform, home, p } = surroundings(options);
  if (env.GOYA_CACHE) return p.join(p.resolve(env.GOYA_CACHE), 'studio');
  if (platform === 'win32')
    return p.join(env.LOCALAPPDATA || p.join(home, 'AppData', 'Local'), 'goya', 'studio');
  if (platform === 'darwin') return p.join(home, 'Library', 'Application Support', 'goya', 'studio');
  const xdg = env.XDG_DATA_HOME;
  return p.join(xdg && p.isAbsolute(xdg) ? xdg : p.join(home, '.local', 'share'), 'goya', 'studio');
}

function surroundings({ env = process.env, platform = process.platform, home } = {}) {
  return {
    env,
    platform,
    home: home || env.HOME || env.USERPROFILE || os.homedir(),
    p: platform === 'win32' ? path.win32 : path.posix,
  };
}
