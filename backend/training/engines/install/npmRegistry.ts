/** Which npm registry to ask: the one that npm asks on this machine, so that a company's mirror holds here too. */
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

/** Where sherpa-onnx's own builds are published. */
export const officialRegistry = 'https://registry.npmjs.org/';

export interface NpmPlaces {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** npm's setting: the environment, then the person's file; undefined where none names a registry by its address. */
export async function configuredRegistry(
  { env, home }: NpmPlaces = { env: process.env, home: os.homedir() },
): Promise<string | undefined> {
  const named = env['npm_config_registry'] ?? env['NPM_CONFIG_REGISTRY'];
  if (named !== undefined && URL.canParse(named)) return named;
  const file = env['npm_config_userconfig'] ?? env['NPM_CONFIG_USERCONFIG'] ?? path.join(home, '.npmrc');
  // A file that is not there, or not ours to read, names no registry.
  const text = await readFile(file, 'utf8').catch(() => '');
  const found = /^\s*registry\s*=\s*"?([^\s"]+)"?\s*$/m.exec(text)?.[1];
  return found !== undefined && URL.canParse(found) ? found : undefined;
}

/** Registries keep every version at the same place; a mirror redirects from there. */
export function packageAddress(registry: string, name: string, version: string): string {
  return `${registry.replace(/\/+$/, '')}/${name}/-/${name}-${version}.tgz`;
}
