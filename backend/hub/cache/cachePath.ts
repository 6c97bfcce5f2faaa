import { homedir } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the official clients keep what they fetch: the variables as `huggingface_hub/constants.py` reads them. */
export function cachePath(env: Environment, home = homedir()): string {
  const expand = (given: string): string => given.replace(/^~(?=$|[/\\])/, home);
  const own = env['HF_HUB_CACHE'] || env['HUGGINGFACE_HUB_CACHE'];
  if (own) return path.resolve(expand(own));
  const base = expand(env['XDG_CACHE_HOME'] || path.join(home, '.cache'));
  return path.resolve(expand(env['HF_HOME'] || path.join(base, 'huggingface')), 'hub');
}
