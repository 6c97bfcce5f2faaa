import { readText } from './configuration';
import { settingKeys } from './contributions';
import { StudioError, isStudioError } from '../protocol/wire/errors';
import { hubEndpoint } from './hubEndpoint';

/** A model's page on the hub or mirror in use. */
export function hubPage(repoId: string): string {
  const endpoint = hubEndpoint(readText(settingKeys.hubEndpoint), process.env);
  return `${endpoint.replace(/\/+$/, '')}/${repoId}`;
}

/** A refusal for the licence's sake, with the page on which it can be accepted. */
export function withPage(error: unknown, repoId: string): unknown {
  if (!isStudioError(error, 'hub.gated')) return error;
  const details = { ...error.details, url: hubPage(repoId) };
  return new StudioError(error.kind, error.message, { retryable: error.retryable, details, cause: error });
}
