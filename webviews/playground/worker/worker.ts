/** The worker's entry: one file with its engines, as a worker of a webview can load no other. */
import '../../common/strictCsp';
import { serveModels } from './serve';

serveModels({
  post: (message) => self.postMessage(message),
  listen: (handler) => {
    const onMessage = (event: MessageEvent<unknown>): void => handler(event.data);
    self.addEventListener('message', onMessage);
    return () => self.removeEventListener('message', onMessage);
  },
});

// Whoever started it waits for this: its script has run.
self.postMessage('ready');
