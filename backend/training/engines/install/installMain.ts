/** The installer's process: one installation, over when it is over, gone when its backend is. */
import { toStudioError } from '../../../../protocol/wire/errors';
import { createHttp } from '../../../hub/http';
import { installEngine } from './installEngine';
import { installOnnx } from './installOnnx';
import { toInstaller, type FromInstaller, type InstallMessage } from './installProtocol';

/** How long after a stop the process may clear up, in milliseconds. */
const grace = 3000;

const stop = new AbortController();

function send(message: FromInstaller): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected && process.send !== undefined) process.send(message, () => resolve());
    else resolve();
  });
}

function abandon(): void {
  stop.abort(new Error('stopped'));
  setTimeout(() => process.exit(1), grace).unref();
}

async function install({ engine, storagePath, index, network }: InstallMessage): Promise<void> {
  const http = createHttp({ network: () => network ?? {} });
  try {
    const work = engine === 'onnx' ? installOnnx : installEngine;
    const folder = await work({
      storagePath,
      source: index,
      send: http.send,
      signal: stop.signal,
      onProgress: (progress) => void send({ type: 'progress', progress }),
    });
    await send({ type: 'installed', folder });
    process.exit(0);
  } catch (error) {
    const { kind, message, retryable, details } = toStudioError(error);
    const text = kind === 'internal' && error instanceof Error ? error.message : message;
    const more = details === undefined ? {} : { details: { ...details } };
    await send({ type: 'failed', failure: { kind, message: text, retryable, ...more } });
    process.exit(1);
  }
}

process.on('message', (raw) => {
  const message = toInstaller.parse(raw);
  if (message.type === 'install') void install(message);
  else abandon();
});
process.on('disconnect', abandon);
process.on('SIGINT', () => undefined);
