import type { tokenStatus } from '../../protocol/api/settings';
import type { Settings } from '../../protocol/model/settings';
import type { ResultIn } from '../../protocol/wire/spec';
import { isLoopback, type NetworkSettings } from './proxies';
import { knownTokens, tokenFor, type KnownToken } from './token';

/** Where the hub is and who asks: read anew for every request, so that a change applies at once. */
export interface HubOptions {
  /** Without a slash at the end. */
  readonly endpoint: string;
  /** Sent to the endpoint's own origin and nowhere else. */
  readonly token: string | undefined;
  /** Where the token was found, as the end of a sentence. */
  readonly tokenSource?: string;
  /** A token that is known but was given for another origin. */
  readonly heldBack?: { readonly origin: string };
  readonly offline: boolean;
}

/** Milliseconds. */
const validFor = 250;

export const defaultEndpoint = 'https://huggingface.co';

type Environment = Readonly<Record<string, string | undefined>>;

export interface HubSessionOptions {
  readonly settings: () => Settings;
  readonly env: Environment;
  /** Given with `initialize`: for the endpoint that is in force then. */
  readonly token?: string | undefined;
  /** Where a login file is looked for; the user's own folder when left out. */
  readonly home?: string;
}

/** What a session knows of the hub: settings first, then the official clients' environment variables and login. */
export class HubSession {
  private readonly given = new Map<string, string>();
  /** Where HF_TOKEN and the login were made, and a hub on this machine that the session began with. */
  private implicit: readonly string[] = [];
  /** By the person, since the session began: what it began with counts no more. */
  private changed = false;
  /** Asked for several times a request: valid for these settings, and until a login may have come. */
  private known: { settings: Settings; at: number; options: HubOptions } | undefined;

  constructor(private readonly session: HubSessionOptions) {
    this.begin();
  }

  /** The session begins with the endpoint in force now: again, once, when the settings of earlier sessions are read. */
  begin(): void {
    const usual = usualEndpoint(this.session.env);
    const first = originOf(this.endpoint);
    const here = isLoopback(first.replace(/^https?:\/\/|:\d+$/g, ''));
    this.known = undefined;
    this.implicit = [...new Set([originOf(usual), ...(here ? [first] : [])])];
    const { token } = this.session;
    if (token === undefined || this.changed) return;
    this.given.clear();
    this.given.set(first, token);
  }

  options(): HubOptions {
    const settings = this.session.settings();
    const now = performance.now();
    if (this.known?.settings === settings && now - this.known.at < validFor) return this.known.options;
    const options = this.read();
    this.known = { settings, at: now, options };
    return options;
  }

  private read(): HubOptions {
    const { inForce, heldBack } = this.tokens();
    return {
      endpoint: this.endpoint,
      token: inForce?.token,
      ...(inForce === undefined ? {} : { tokenSource: inForce.where }),
      ...(heldBack === undefined ? {} : { heldBack: { origin: heldBack.origin } }),
      offline: /^(1|on|yes|true)$/i.test(this.session.env['HF_HUB_OFFLINE'] ?? ''),
    };
  }

  network(): NetworkSettings {
    const { proxy, noProxy, strictTls, proxyAuthorization } = this.session.settings().hub ?? {};
    return { proxy, noProxy, strictTls, proxyAuthorization };
  }

  /** For the origin of `url`; for the endpoint's when left out. */
  setToken(token: string, url = this.endpoint): void {
    this.changed = true;
    this.known = undefined;
    this.given.set(originOf(url), token);
  }

  /** Those from the environment and the login stay. */
  forgetTokens(): void {
    this.changed = true;
    this.known = undefined;
    this.given.clear();
  }

  /** Where the token in force comes from; never the token itself. */
  status(): ResultIn<typeof tokenStatus> {
    const { inForce, heldBack } = this.tokens();
    const origin = originOf(this.endpoint);
    const told = (known: KnownToken): { source: KnownToken['source']; where: string; origin: string } => ({
      source: known.source,
      where: known.where,
      origin: known.origin,
    });
    return {
      endpoint: origin,
      ...(inForce === undefined ? { source: 'none' } : told(inForce)),
      ...(heldBack === undefined ? {} : { heldBack: told(heldBack) }),
    };
  }

  private get endpoint(): string {
    return withoutSlash(this.session.settings().hub?.endpoint ?? usualEndpoint(this.session.env));
  }

  private tokens(): ReturnType<typeof tokenFor> {
    const { env, home } = this.session;
    return tokenFor(
      knownTokens({ given: this.given, implicit: this.implicit }, env, home),
      originOf(this.endpoint),
    );
  }
}

const usualEndpoint = (env: Environment): string =>
  withoutSlash(env['HF_ENDPOINT']?.trim() || defaultEndpoint);

/** What is no address is its own origin: the request then says what is wrong with it. */
const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url);

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
