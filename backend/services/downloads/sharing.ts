/**
 * Several backends on one server: each works on what it claimed. One that others paused, cancelled or removed is let
 * go; one that a backend left behind when it died is taken up by the next that has the same models folder.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Download } from '../../../protocol/model/download';
import { StudioError } from '../../../protocol/wire/errors';
import { isInside } from '../../hub/safePath';
import type { DownloadClaims } from '../../stores/downloadClaims';

/** Milliseconds between two looks at who has what. */
const interval = 1000;
/** Milliseconds within which another backend notices that it must let go. */
const patience = 6000;
const pause = 50;

export class Sharing {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly claims: DownloadClaims,
    private readonly modelsPath: string,
  ) {}

  /** Those that are left for this backend, claimed; `foreign`: from others only. */
  async takeUp({ foreign = false } = {}): Promise<{ download: Download; before: Download }[]> {
    const left = await this.claims.abandoned({ foreign });
    // A server also knows the downloads of other folders: whoever works there takes those up.
    const own = new Map(
      left.filter(({ path }) => isInside(this.modelsPath, path)).map((download) => [download.id, download]),
    );
    const claimed = await this.claims.claim([...own.keys()]);
    return claimed.map((download) => ({ download, before: own.get(download.id) ?? download }));
  }

  /** Looks again and again, where others may see the same rows. Never rejects; `look` handles its errors. */
  async watch(look: () => Promise<void>): Promise<void> {
    if (!(await this.claims.isShared())) return;
    this.timer = setInterval(() => {
      this.looking ??= look().finally(() => (this.looking = undefined));
    }, interval);
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  /** Resolves when no other backend writes into the download's folder any more. */
  async untilFree(download: Download): Promise<void> {
    for (const end = performance.now() + patience; ; await wait(pause)) {
      if (await this.claims.isFree(download.id)) return;
      if (performance.now() > end) break;
    }
    throw new StudioError(
      'download.invalidState',
      `The download of ${download.repoId} is in the hands of another window or machine of Goya. Go on with it there, or close that window and try again.`,
      { retryable: true, details: { id: download.id } },
    );
  }
}
