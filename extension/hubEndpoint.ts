export const defaultHubEndpoint = 'https://huggingface.co';

/** The hub or mirror in use: what is configured, else the environment's, else the hub itself. */
export function hubEndpoint(configured: string, env: Readonly<Record<string, string | undefined>>): string {
  return configured.trim() || env['HF_ENDPOINT']?.trim() || defaultHubEndpoint;
}

/** Scheme, host and port: what a token belongs to. What is no address is its own. */
export function originOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).origin : endpoint;
}

export function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
}
