/**
 * Size and "runs here" of the models in the search's list: of the installed at once, of the others when a line has been
 * looked at for a moment, as each takes questions to the hub.
 */
import { hubModelInfo } from '../../protocol/api/hub';
import type { Services } from '../services';
import { systemClock } from '../supervisor';
import { isPlayable } from '../views/looks/model';
import type { KnownOfModel } from './hubItem';

const lookMs = 500;

export class SearchFacts {
  private readonly known = new Map<string, KnownOfModel>();
  private running: AbortController | undefined;
  private cancelPause: (() => void) | undefined;

  constructor(
    private readonly services: Pick<Services, 'client' | 'topics'>,
    private readonly changed: () => void,
  ) {}

  of(repoId: string): KnownOfModel {
    const here = this.services.topics.models.mirror.list().find((model) => model.repoId === repoId);
    if (here === undefined || here.status === 'downloading') return this.known.get(repoId) ?? {};
    return {
      ...this.known.get(repoId),
      installed: true,
      sizeBytes: here.sizeBytes,
      ...(isPlayable(here) ? { verdict: 'yes' } : {}),
    };
  }

  /** The line that is looked at now; the one before is forgotten. */
  look(repoId: string | undefined): void {
    this.stop();
    if (repoId === undefined || this.known.has(repoId)) return;
    this.cancelPause = systemClock.after(lookMs, () => void this.ask(repoId));
  }

  /** Another token may see what this one did not. */
  forget(): void {
    this.stop();
    this.known.clear();
  }

  stop(): void {
    this.cancelPause?.();
    this.running?.abort();
  }

  private async ask(repoId: string): Promise<void> {
    const running = new AbortController();
    this.running = running;
    try {
      const { totalBytes, runsHere } = await this.services.client.call(
        hubModelInfo,
        { repoId },
        running.signal,
      );
      this.known.set(repoId, { sizeBytes: totalBytes, verdict: runsHere.verdict });
      if (!running.signal.aborted) this.changed();
    } catch {
      // The search itself says what is wrong with the hub; here a line merely stays as it is.
    }
  }
}
