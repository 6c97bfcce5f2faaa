/** A model's card: the README that its authors wrote, as untrusted Markdown. */
import type { hubCard } from '../../protocol/api/hub';
import { isStudioError } from '../../protocol/wire/errors';
import type { ResultIn } from '../../protocol/wire/spec';
import { say } from '../language/say';
import type { HubApi } from './api';
import { resolveUrl } from './files';
import { checkRepoId } from './repoId';

export const longestCard = 200_000;
/** A card in three-byte letters still fits; one that is longer comes cut where the hub takes ranges. */
const longestRead = 4 * longestCard;

/** Throws what a download of the file would: `hub.gated`, `hub.unauthorized`, `hub.unreachable`… */
export async function readCard(
  api: HubApi,
  { repoId, revision }: { readonly repoId: string; readonly revision?: string | undefined },
  signal?: AbortSignal,
): Promise<ResultIn<typeof hubCard>> {
  checkRepoId(repoId);
  try {
    const answer = await api.read(
      {
        url: resolveUrl(repoId, revision ?? 'main', 'README.md'),
        accept: '*/*',
        subject: say`The card of ${repoId}`,
        headers: { range: `bytes=0-${longestRead - 1}` },
        signal,
      },
      4 * longestRead,
    );
    const total = Number(/\/(\d+)$/.exec(answer.header('content-range') ?? '')?.[1] ?? answer.body.length);
    const text = withoutFrontMatter(answer.body.subarray(0, longestRead).toString('utf8'));
    return {
      markdown: text.slice(0, longestCard),
      truncated: text.length > longestCard || total > longestRead,
    };
  } catch (error) {
    // A repository without a card, or an empty card, for which no range can be given.
    const status = isStudioError(error) ? error.details?.['status'] : undefined;
    const code = isStudioError(error) ? error.details?.['code'] : undefined;
    if (status === 416 || (status === 404 && (code === 'EntryNotFound' || code === undefined)))
      return { markdown: '', truncated: false };
    throw error;
  }
}

/** The YAML between two lines of three dashes at the very beginning is for machines. */
export function withoutFrontMatter(text: string): string {
  const start = text.replace(/^\uFEFF/, '');
  if (!/^---[ \t]*\r?\n/.test(start)) return start;
  const end = /\r?\n---[ \t]*(\r?\n|$)/.exec(start);
  return end === null ? start : start.slice(end.index + end[0].length).replace(/^(\r?\n)+/, '');
}
