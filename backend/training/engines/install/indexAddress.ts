/** Which Python package index to ask: the one that pip asks on this machine, so that a company's mirror holds here too. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Where TensorFlow's own builds are published. */
export const officialIndex = 'https://pypi.org/simple';

export interface PipPlaces {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** pip's setting: the environment, then its files from the most particular on; undefined where none names an index. */
export async function configuredIndex(places: PipPlaces): Promise<string | undefined> {
  const { env } = places;
  if (env['PIP_INDEX_URL']) return env['PIP_INDEX_URL'];
  for (const file of pipFiles(places)) {
    // A file that is not there, or not ours to read, names no index.
    const text = await readFile(file, 'utf8').catch(() => '');
    const found = /^\s*index-url\s*[=:]\s*(\S+)\s*$/m.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** In pip's order, the one that wins first. */
export function pipFiles({ env, platform, home }: PipPlaces): string[] {
  const own = env['PIP_CONFIG_FILE'];
  const named = own === undefined || own === '/dev/null' ? [] : [own];
  if (platform === 'win32') {
    const roaming = env['APPDATA'] ?? path.join(home, 'AppData', 'Roaming');
    const shared = env['ProgramData'] ?? 'C:\\ProgramData';
    return [
      ...named,
      path.join(roaming, 'pip', 'pip.ini'),
      path.join(home, 'pip', 'pip.ini'),
      path.join(shared, 'pip', 'pip.ini'),
    ];
  }
  const config = env['XDG_CONFIG_HOME'] ?? path.join(home, '.config');
  const mac =
    platform === 'darwin' ? [path.join(home, 'Library', 'Application Support', 'pip', 'pip.conf')] : [];
  return [
    ...named,
    ...mac,
    path.join(config, 'pip', 'pip.conf'),
    path.join(home, '.pip', 'pip.conf'),
    '/etc/pip.conf',
  ];
}
