/** The page's end of the channel to its panel, and the state that VS Code keeps for the page over reloads. */
import type * as z from 'zod';
import { PostMessagePeer, type Channel } from '../../protocol/wire/postMessage';

export interface HostApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): unknown;
}

export interface Host {
  readonly peer: PostMessagePeer;
  /** What `setState` stored last, or `fallback` when there is nothing or it no longer parses. */
  state<S>(schema: z.ZodType<S>, fallback: S): S;
  setState(state: unknown): void;
}

/** May be called once per page load: VS Code hands its API out once. */
export function connectHost(api: HostApi = acquireVsCodeApi(), target: Window = window): Host {
  const channel: Channel = {
    post: (message) => api.postMessage(message),
    listen: (handler) => {
      const onMessage = (event: MessageEvent<unknown>): void => handler(event.data);
      target.addEventListener('message', onMessage);
      return () => target.removeEventListener('message', onMessage);
    },
  };
  return {
    // The console of a webview is the one log a page has; VS Code shows it in its developer tools.
    // eslint-disable-next-line no-console
    peer: new PostMessagePeer(channel, (problem) => console.error('goya:', problem)),
    state: (schema, fallback) => {
      const parsed = schema.safeParse(api.getState());
      return parsed.success ? parsed.data : fallback;
    },
    setState: (state) => void api.setState(state),
  };
}
