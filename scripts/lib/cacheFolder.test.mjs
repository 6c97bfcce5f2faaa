import { describe, expect, it } from 'vitest';
import { cacheFolder } from './cacheFolder.mjs';

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
