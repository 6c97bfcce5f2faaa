/** Which model the playground shows, and where the page finds its files. */
import { panelFileUri, type PlaygroundInput } from '../../protocol/api/panel';
import type { PublishedTask } from '../../protocol/model/published';
import type { PostMessagePeer } from '../../protocol/wire/postMessage';

export interface ModelSource {
  readonly name: string;
  /** On disk; undefined for a model that the panel gave by address alone. */
  readonly path: string | undefined;
  /** Inside the webview, ending in `/`. */
  readonly uri: string;
  /** Where the backend runs it, not the page. */
  readonly task?: PublishedTask | undefined;
}

export type ListedModel = PlaygroundInput['models'][number];

export function givenSource({ modelUri, modelPath, name, models }: PlaygroundInput): ModelSource | undefined {
  if (modelUri === undefined) return undefined;
  const task = models.find(({ path }) => path === modelPath)?.task;
  return {
    name: name ?? lastPart(modelPath ?? modelUri),
    path: modelPath,
    uri: withSlash(modelUri),
    ...(task === undefined ? {} : { task }),
  };
}

/** A model that was chosen from the list. Rejects when the panel may not open its folder. */
export async function listedSource(peer: PostMessagePeer, model: ListedModel): Promise<ModelSource> {
  const { uri } = await peer.call(panelFileUri, { path: model.path });
  return { ...model, uri: withSlash(uri) };
}

/** The list with the given model in it, first, when the library does not have it (a checkpoint). */
export function choices(models: readonly ListedModel[], current: ModelSource | undefined): ListedModel[] {
  const { path, name } = current ?? {};
  if (path === undefined || name === undefined || models.some((model) => model.path === path))
    return [...models];
  return [{ name, path }, ...models];
}

function withSlash(uri: string): string {
  return uri.endsWith('/') ? uri : `${uri}/`;
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}
