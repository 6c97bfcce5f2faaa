import { panelFileUri } from '../../protocol/api/panel';
import type { PostMessagePeer } from '../../protocol/wire/postMessage';

/** One recording at a time. */
export class ClipPlayer {
  private readonly audio = new Audio();
  playing: string | undefined;

  constructor(
    private readonly peer: Pick<PostMessagePeer, 'call'>,
    private readonly onChange: (path: string | undefined) => void,
    private readonly onError: (error: unknown) => void,
  ) {
    this.audio.addEventListener('ended', () => this.set(undefined));
  }

  /** `find`: the file of a recording that is named otherwise. Plays it, or stops it when it is what plays. */
  async toggle(path: string, find: () => Promise<string> = () => Promise.resolve(path)): Promise<void> {
    const same = this.playing === path;
    this.stop();
    if (same) return;
    this.set(path);
    try {
      const { uri } = await this.peer.call(panelFileUri, { path: await find() });
      if (this.playing !== path) return;
      this.audio.src = uri;
      await this.audio.play();
    } catch (error) {
      // Another clip was asked for before this one began.
      if (this.playing !== path) return;
      this.set(undefined);
      this.onError(error);
    }
  }

  stop(): void {
    this.audio.pause();
    if (this.playing !== undefined) this.set(undefined);
  }

  private set(path: string | undefined): void {
    this.playing = path;
    this.onChange(path);
  }
}
