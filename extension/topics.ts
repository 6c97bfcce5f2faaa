import type { Dataset } from '../protocol/model/dataset';
import type { Download } from '../protocol/model/download';
import type { Model } from '../protocol/model/model';
import type { Run } from '../protocol/model/run';
import type { Client } from './client';
import type { Entity, TopicMirror } from './topicMirror';

/** One kind of object, kept true. */
export interface Topic<T extends Entity> {
  readonly mirror: TopicMirror<T>;
  /** Starts the backend when needed; resolves when `mirror` has its snapshot. */
  ready(): Promise<void>;
}

/** Everything that the views, the status bar and the notifications look at: one subscription each, shared by all. */
export interface Topics {
  readonly models: Topic<Model>;
  readonly downloads: Topic<Download>;
  readonly runs: Topic<Run>;
  readonly datasets: Topic<Dataset>;
}

export function createTopics(client: Pick<Client, 'subscribe'>): Topics {
  return {
    models: client.subscribe('models'),
    downloads: client.subscribe('downloads'),
    runs: client.subscribe('runs'),
    datasets: client.subscribe('datasets'),
  };
}
