/**
 * The tokens in hand, each with the origin that it was given for: it is sent there and nowhere else. The person's
 * choice comes first, then what other clients use.
 */
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** `client`: given to this session. */
export type TokenSource = 'client' | 'environment' | 'file';

export interface KnownToken {
  readonly token: string;
  readonly source: TokenSource;
  /** As the end of a sentence: "the token from …". */
  readonly where: string;
  readonly origin: string;
}

const isOn = (value: string | undefined): boolean => /^(1|on|yes|true)$/i.test(value ?? '');

/** `~` and the variables as the official client reads them. */
export function loginFile(env: Environment, home = homedir()): string {
  const expand = (given: string): string => given.replace(/^~(?=$|[/\\])/, home);
  if (env['HF_TOKEN_PATH']) return expand(env['HF_TOKEN_PATH']);
  const cache = expand(env['XDG_CACHE_HOME'] || path.join(home, '.cache'));
  return path.join(expand(env['HF_HOME'] || path.join(cache, 'huggingface')), 'token');
}

export interface TokenOrigins {
  /** Token by origin, as set in this session. */
  readonly given: ReadonlyMap<string, string>;
  /** Whom a token from the environment or a login belongs to: where it was made. */
  readonly implicit: readonly string[];
}

/** In the order of preference; one entry for each origin that a token may go to. */
export function knownTokens(
  { given, implicit }: TokenOrigins,
  env: Environment,
  home?: string,
): KnownToken[] {
  const known: KnownToken[] = [...given].map(([origin, token]) => ({
    token,
    source: 'client',
    where: 'Goya',
    origin,
  }));
  if (isOn(env['HF_HUB_DISABLE_IMPLICIT_TOKEN'])) return known;
  const add = (token: string | undefined, source: TokenSource, where: string): void => {
    if (token !== undefined) known.push(...implicit.map((origin) => ({ token, source, where, origin })));
  };
  add(clean(env['HF_TOKEN']), 'environment', 'HF_TOKEN');
  const file = loginFile(env, home);
  add(readLogin(file), 'file', `the login file ${file}`);
  return known;
}

/** The one to send to this origin, or else the one that is kept back from it. */
export function tokenFor(
  known: readonly KnownToken[],
  origin: string,
): { readonly inForce?: KnownToken; readonly heldBack?: KnownToken } {
  const inForce = known.find((each) => each.origin === origin);
  if (inForce !== undefined) return { inForce };
  const [heldBack] = known;
  return heldBack === undefined ? {} : { heldBack };
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
