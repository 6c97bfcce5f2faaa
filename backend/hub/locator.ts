/** Where a file's bytes are: the hub is asked once for the address it redirects to, not once per range. */
import { isStudioError } from '../../protocol/wire/errors';
import { say } from '../language/say';
import type { HubApi } from './api';
import { checkHubAnswer, type FileIdentity } from './body';
import { resolveUrl } from './files';
import type { HttpResponse } from './http';

export interface Located {
  readonly url: string;
  /** Bytes that came from there. */
  delivered: number;
  readonly renewed: boolean;
}

export class Locator {
  /** As the hub tells it. */
  etag: string | undefined;
  private current: Promise<Located> | undefined;
  private renewing = false;

  constructor(
    private readonly api: HubApi,
    private readonly file: FileIdentity,
  ) {}

  /** Throws what the hub refuses with, and `hub.invalidResponse` when it offers another file than was listed. */
  locate(signal: AbortSignal): Promise<Located> {
    const asked = (this.current ??= this.ask(signal));
    asked.catch(() => {
      if (this.current === asked) this.current = undefined;
    });
    return asked;
  }

  readonly onHubAnswer = (answer: HttpResponse): void => {
    this.etag ??= checkHubAnswer(answer, this.file, this.api.endpoint);
  };

  /** The address was refused. Whether a fresh one is worth asking for: not when it was fresh and brought nothing. */
  renew(refused: Located): boolean {
    void this.current?.then(
      (current) => {
        if (current === refused) this.forget();
      },
      () => undefined,
    );
    this.renewing = true;
    return refused.delivered > 0 || !refused.renewed;
  }

  forget(): void {
    this.current = undefined;
  }

  private async ask(signal: AbortSignal): Promise<Located> {
    const { repoId, commit, path, kind } = this.file;
    const url = resolveUrl(repoId, commit, path, kind);
    const renewed = this.renewing;
    const own = { url: this.api.absolute(url), delivered: 0, renewed };
    try {
      const answer = await this.api.requestOnce({
        url,
        method: 'HEAD',
        accept: '*/*',
        subject: say`${path} of ${repoId}`,
        signal,
        stopAtOtherHost: true,
        onHubAnswer: (hub) => {
          this.etag = checkHubAnswer(hub, this.file, this.api.endpoint) ?? this.etag;
        },
      });
      await answer.discard();
      const location = answer.status >= 300 ? answer.header('location') : null;
      return location === null ? own : { ...own, url: new URL(location, own.url).href };
    } catch (error) {
      // A mirror that answers no HEAD: every range then goes by way of it.
      const status = isStudioError(error) ? error.details?.['status'] : undefined;
      if (status === 405 || status === 501) return own;
      throw error;
    }
  }
}
