import type { HubApi } from './api';
import { resolveUrl } from './files';

export interface AccessQuestion {
  readonly repoId: string;
  readonly commit: string;
  /** One of its files: the metadata of a gated repository is for everybody. */
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
}

/** Rejects with what a download would fail with. Fetches nothing. */
export async function checkAccess(
  api: HubApi,
  { repoId, commit, path, signal }: AccessQuestion,
): Promise<void> {
  const answer = await api.request({
    url: resolveUrl(repoId, commit, path),
    method: 'HEAD',
    accept: '*/*',
    subject: repoId,
    signal,
    stopAtOtherHost: true,
  });
  await answer.discard();
}
