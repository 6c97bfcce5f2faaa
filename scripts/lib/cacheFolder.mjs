import os from 'node:os';
import path from 'node:path';

/**
 * Where everything lives that is downloaded or built once per machine: engines, wheels, code-server.
 * Outside the checkout, so that deleting or cloning the project again costs nothing.
 * `GOYA_CACHE` wins; otherwise each system's own place for caches.
 */
export function cacheFolder({
  env = process.env,
  platform = process.platform,
  home = env.HOME || env.USERPROFILE || os.homedir(),
} = {}) {
  const p = platform === 'win32' ? path.win32 : path.posix;
  if (env.GOYA_CACHE) return p.resolve(env.GOYA_CACHE);
  if (platform === 'win32')
    return p.join(env.LOCALAPPDATA || p.join(home, 'AppData', 'Local'), 'goya', 'cache');
  if (platform === 'darwin') return p.join(home, 'Library', 'Caches', 'goya');
  // The XDG specification: a relative path there is to be ignored.
  const xdg = env.XDG_CACHE_HOME;
  return p.join(xdg && p.isAbsolute(xdg) ? xdg : p.join(home, '.cache'), 'goya');
}
