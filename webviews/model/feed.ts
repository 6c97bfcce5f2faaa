/** The download and the library's entry of one repository, kept up to date by their topics. */
import { panelSubscribe, panelTopic, panelUnsubscribe } from '../../protocol/api/panel';
import { removedItem, topicItems } from '../../protocol/api/topics';
import type { Download } from '../../protocol/model/download';
import type { Model } from '../../protocol/model/model';
import type { PostMessagePeer } from '../../protocol/wire/postMessage';

type Known = Download | Model;
const topics = ['downloads', 'models'] as const;
type Topic = (typeof topics)[number];

export class Feed {
  private readonly items: Readonly<Record<Topic, Map<string, Known>>> = {
    downloads: new Map(),
    models: new Map(),
  };
  private readonly tokens = new Map<Topic, string>();
  private generation = 0;

  constructor(
    private readonly peer: PostMessagePeer,
    private readonly changed: () => void,
    private readonly failed: (error: unknown) => void,
  ) {
    peer.onNotification(panelTopic, ({ token, value }) => {
      const topic = topics.find((each) => this.tokens.get(each) === token);
      if (topic === undefined) return;
      this.take(topic, value);
      this.changed();
    });
  }

  /** Also after the page was hidden or the backend came back: the new snapshot replaces what was missed. */
  async subscribe(): Promise<void> {
    await Promise.all(topics.map((topic) => this.subscribeTo(topic)));
    this.changed();
  }

  /** The newest download of the repository. */
  download(repoId: string): Download | undefined {
    return [...this.items.downloads.values()]
      .filter((item): item is Download => 'state' in item && item.repoId === repoId)
      .sort((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
  }

  model(repoId: string): Model | undefined {
    return [...this.items.models.values()].find(
      (item): item is Model => 'status' in item && item.repoId === repoId,
    );
  }

  private async subscribeTo(topic: Topic): Promise<void> {
    const old = this.tokens.get(topic);
    const token = `${topic}-${++this.generation}`;
    this.tokens.set(topic, token);
    try {
      if (old !== undefined) await this.peer.call(panelUnsubscribe, { token: old });
      const { items } = await this.peer.call(panelSubscribe, { topic, token });
      if (this.tokens.get(topic) !== token) return;
      this.items[topic].clear();
      for (const item of items) this.take(topic, item);
    } catch (error) {
      this.failed(error);
    }
  }

  private take(topic: Topic, value: unknown): void {
    const known = this.items[topic];
    const removed = removedItem.safeParse(value);
    if (removed.success) {
      known.delete(removed.data.id);
      return;
    }
    const item = topicItems[topic].parse(value);
    // Older than what is known: a message that was overtaken.
    if ((known.get(item.id)?.seq ?? -1) <= item.seq) known.set(item.id, item);
  }
}
