import { readText } from './configuration';
import { settingKeys } from './contributions';
import { defaultHubEndpoint } from './hubEndpoint';

/** A model's page on the hub or mirror in use. */
export function hubPage(repoId: string): string {
  const endpoint = readText(settingKeys.hubEndpoint) || process.env['HF_ENDPOINT'] || defaultHubEndpoint;
  return `${endpoint.replace(/\/+$/, '')}/${repoId}`;
}
