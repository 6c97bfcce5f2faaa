/** Starts the worker that runs models: from a blob, as a webview may start no other. */
import { PostMessagePeer, type Channel } from '../../../protocol/wire/postMessage';
import { fetchBlob } from '../../common/fetchBytes';

export interface WorkerPeer {
  readonly peer: PostMessagePeer;
  /** Models run in the page's own thread: the editor let no worker start. */
  readonly inThread: boolean;
  end(): void;
}

/** Longest that a worker may take to be there, in milliseconds. */
const patience = 20_000;

/** `script`: address of the worker's bundle. */
export async function startWorker(script: string): Promise<WorkerPeer> {
  const blob = await fetchBlob(script);
  const address = URL.createObjectURL(new Blob([blob], { type: 'text/javascript' }));
  try {
    const worker = new Worker(address);
    await began(worker);
    return { peer: peerOf(worker), inThread: false, end: () => worker.terminate() };
  } catch {
    // A policy of the editor's: the same code then runs here, and lets the page breathe between steps.
    return await inThread();
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** The worker says `ready` when its script has run. */
function began(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the worker did not start')), patience);
    worker.addEventListener('error', (event) => reject(new Error(event.message)), { once: true });
    worker.addEventListener(
      'message',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

async function inThread(): Promise<WorkerPeer> {
  const { serveModels } = await import('../worker/serve');
  const { port1, port2 } = new MessageChannel();
  serveModels(channelOf(port1));
  port1.start();
  port2.start();
  const end = (): void => {
    port1.close();
    port2.close();
  };
  return { peer: peerOf(port2), inThread: true, end };
}

function channelOf(port: Worker | MessagePort): Channel {
  return {
    post: (message) => port.postMessage(message),
    listen: (handler) => {
      const onMessage = (event: Event): void => handler((event as MessageEvent<unknown>).data);
      port.addEventListener('message', onMessage);
      return () => port.removeEventListener('message', onMessage);
    },
  };
}

function peerOf(port: Worker | MessagePort): PostMessagePeer {
  // The console of a webview is the one log that a page has.
  // eslint-disable-next-line no-console
  return new PostMessagePeer(channelOf(port), (problem) => console.error('goya:', problem));
}
