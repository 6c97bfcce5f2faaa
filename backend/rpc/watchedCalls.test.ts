import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { expect, it } from 'vitest';
import { progressNotification } from '../../protocol/api/topics';
import { onNotification } from '../../protocol/wire/peer';
import { eventually } from '../../tests/fixtures/eventually';
import { watchedCalls } from './watchedCalls';

it('sends the last of what came too fast while the work goes on', async () => {
  const [there, back] = [new PassThrough(), new PassThrough()];
  const server = createMessageConnection(new StreamMessageReader(back), new StreamMessageWriter(there));
  const client = createMessageConnection(new StreamMessageReader(there), new StreamMessageWriter(back));
  const seen: unknown[] = [];
  const seenValue = ({ value }: { value?: unknown }): void => void seen.push(value);
  onNotification(client, progressNotification, seenValue, (method) => seen.push(`malformed ${method}`));
  server.listen();
  client.listen();
  try {
    let finish = (): void => undefined;
    const call = watchedCalls(server, pino({ level: 'silent' }))(
      't',
      AbortSignal.timeout(60_000),
      (watched) => {
        for (const step of ['first', 'second', 'third']) watched.onProgress?.(step);
        return new Promise<string>((resolve) => {
          finish = () => resolve('done');
        });
      },
    );
    await eventually(() => expect(seen).toEqual(['first', 'third']));
    finish();
    await expect(call).resolves.toBe('done');
    expect(seen).toEqual(['first', 'third']);
  } finally {
    client.dispose();
    server.dispose();
  }
});
