/** Where the token comes from that the hub is asked with: the person's choice first, then what other clients use. */
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

export interface FoundToken {
  readonly token: string;
  /** As the end of a sentence: "the token from …". */
  readonly source: string;
}

const isOn = (value: string | undefined): boolean => /^(1|on|yes|true)$/i.test(value ?? '');

/** `~` and the variables as the official client reads them. */
export function loginFile(env: Environment, home = homedir()): string {
  const expand = (given: string): string => given.replace(/^~(?=$|[/\\])/, home);
  if (env['HF_TOKEN_PATH']) return expand(env['HF_TOKEN_PATH']);
  const cache = expand(env['XDG_CACHE_HOME'] || path.join(home, '.cache'));
  return path.join(expand(env['HF_HOME'] || path.join(cache, 'huggingface')), 'token');
}

/**
 * `given` is what was set in Goya. `elsewhere`: the settings name another hub than the one that a login was made for;
 * a login's token must not go there by itself.
 */
export function findToken(
  given: string | undefined,
  env: Environment,
  { elsewhere = false, home }: { readonly elsewhere?: boolean; readonly home?: string } = {},
): FoundToken | undefined {
  if (given !== undefined) return { token: given, source: 'Goya' };
  if (isOn(env['HF_HUB_DISABLE_IMPLICIT_TOKEN'])) return undefined;
  const fromEnvironment = clean(env['HF_TOKEN']);
  if (fromEnvironment !== undefined) return { token: fromEnvironment, source: 'HF_TOKEN' };
  if (elsewhere) return undefined;
  const file = loginFile(env, home);
  const token = readLogin(file);
  return token === undefined ? undefined : { token, source: `the login file ${file}` };
}

/** One word; anything else would not be a token, and would break the header that it goes into. */
function clean(text: string | undefined): string | undefined {
  const word = (text ?? '').trim();
  return /^[\x21-\x7e]+$/.test(word) ? word : undefined;
}

/** Milliseconds that a look at the file serves: a download asks many times a second. */
const freshFor = 2000;
const longestFile = 10_000;
const known = new Map<string, { at: number; token: string | undefined }>();

function readLogin(file: string): string | undefined {
  const seen = known.get(file);
  const now = performance.now();
  if (seen !== undefined && now - seen.at < freshFor) return seen.token;
  let token: string | undefined;
  try {
    const found = statSync(file);
    if (found.isFile() && found.size <= longestFile) token = clean(readFileSync(file, 'utf8'));
  } catch {
    // Nobody has logged in.
  }
  known.set(file, { at: now, token });
  return token;
}
