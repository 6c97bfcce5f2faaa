import { describe, expect, it } from 'vitest';
import { cacheFolder, studioFolder } from './cacheFolder.mjs';

describe('cacheFolder', () => {
  const cases = [
    ['Linux', { platform: 'linux', env: {}, home: '/home/a' }, '/home/a/.cache/goya'],
    [
      'Linux with XDG',
      { platform: 'linux', env: { XDG_CACHE_HOME: '/var/c' }, home: '/home/a' },
      '/var/c/goya',
    ],
    [
      'Linux with a relative XDG, which is void',
      { platform: 'linux', env: { XDG_CACHE_HOME: 'c' }, home: '/home/a' },
      '/home/a/.cache/goya',
    ],
    ['macOS', { platform: 'darwin', env: {}, home: '/Users/a' }, '/Users/a/Library/Caches/goya'],
    [
      'Windows',
      { platform: 'win32', env: { LOCALAPPDATA: 'D:\\Local' }, home: 'C:\\Users\\a' },
      'D:\\Local\\goya\\cache',
    ],
    [
      'Windows without LOCALAPPDATA',
      { platform: 'win32', env: {}, home: 'C:\\Users\\a' },
      'C:\\Users\\a\\AppData\\Local\\goya\\cache',
    ],
    ['GOYA_CACHE', { platform: 'linux', env: { GOYA_CACHE: '/big/goya' }, home: '/home/a' }, '/big/goya'],
  ];
  it.each(cases)('%s', (_name, options, expected) => {
    expect(cacheFolder(options)).toBe(expected);
  });
});

describe('studioFolder', () => {
  it.each([
    ['linux', {}, '/home/a', '/home/a/.local/share/goya/studio'],
    ['linux', { XDG_DATA_HOME: '/d' }, '/home/a', '/d/goya/studio'],
    ['darwin', {}, '/Users/a', '/Users/a/Library/Application Support/goya/studio'],
    ['win32', { LOCALAPPDATA: 'D:\\L' }, 'C:\\a', 'D:\\L\\goya\\studio'],
    ['linux', { GOYA_CACHE: '/big' }, '/home/a', '/big/studio'],
  ])('%s %j', (platform, env, home, expected) => {
    expect(studioFolder({ platform, env, home })).toBe(expected);
  });
});
