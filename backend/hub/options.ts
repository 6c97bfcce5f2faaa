import type { Settings } from '../../protocol/model/settings';
import { findToken } from './token';

/** Where the hub is and who asks: read anew for every request, so that a change applies at once. */
export interface HubOptions {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly token: string | undefined;
  /** Where the token was found, as the end of a sentence. */
  readonly tokenSource?: string;
  readonly offline: boolean;
}

export const defaultEndpoint = 'https://huggingface.co';

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings first, then the official clients' environment variables, then their login. */
export function hubOptions(settings: Settings, token: string | undefined, env: Environment): HubOptions {
  const usual = withoutSlash(env['HF_ENDPOINT'] || defaultEndpoint);
  const endpoint = withoutSlash(settings.hub?.endpoint ?? usual);
  const found = findToken(token, env, { elsewhere: endpoint !== usual });
  return {
    endpoint,
    token: found?.token,
    ...(found === undefined ? {} : { tokenSource: found.source }),
    offline: /^(1|on|yes|true)$/i.test(env['HF_HUB_OFFLINE'] ?? ''),
  };
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');
