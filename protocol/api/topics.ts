import * as z from 'zod';
import { dataset } from '../model/dataset';
import { download, downloadFile } from '../model/download';
import { model } from '../model/model';
import { run } from '../model/run';
import { notification, request } from '../wire/spec';

/** What each topic's items are. */
export const topicItems = {
  downloads: download,
  models: model,
  runs: run,
  datasets: dataset,
  /** Subscribed to with a download's id: its files. Without one: the files of all downloads under way. */
  downloadFiles: downloadFile,
} as const;
export type TopicName = keyof typeof topicItems;
export type TopicItem<T extends TopicName> = z.infer<(typeof topicItems)[T]>;

export const topicName = z.enum(Object.keys(topicItems) as [TopicName, ...TopicName[]]);
/** A JSON-RPC progress token. */
export const progressToken = z.union([z.string(), z.number()]);
export type ProgressToken = z.infer<typeof progressToken>;

/** Answers the current snapshot; afterwards every change of an item comes as `$/progress` with the same token. */
export const topicsSubscribe = request(
  'topics/subscribe',
  z.object({ topic: topicName, id: z.uuid().optional(), token: progressToken }),
  /** Each item parses with `topicItems[topic]`. */
  z.object({ items: z.array(z.unknown()) }),
);
export const topicsUnsubscribe = request(
  'topics/unsubscribe',
  z.object({ token: progressToken }),
  z.object({}),
);

export const removedItem = z.object({ id: z.uuid(), removed: z.literal(true) });
export type RemovedItem = z.infer<typeof removedItem>;

/** At most ten a second for each object; the last state is always sent. */
export const progressNotification = notification(
  '$/progress',
  z.object({ token: progressToken, value: z.unknown() }),
);
