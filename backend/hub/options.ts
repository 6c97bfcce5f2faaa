import type { Settings } from '../../protocol/model/settings';

/** Where the hub is and who asks: read anew for every request, so that a change applies at once. */
export interface HubOptions {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly token: string | undefined;
  readonly offline: boolean;
}

export const defaultEndpoint = 'https://huggingface.co';

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings first, then the official clients' environment variables. */
export function hubOptions(settings: Settings, token: string | undefined, env: Environment): HubOptions {
  return {
    endpoint: (settings.hub?.endpoint ?? (env['HF_ENDPOINT'] || defaultEndpoint)).replace(/\/+$/, ''),
    token: token ?? (env['HF_TOKEN'] || undefined),
    offline: /^(1|on|yes|true)$/i.test(env['HF_HUB_OFFLINE'] ?? ''),
  };
}
