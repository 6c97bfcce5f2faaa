import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { expect, it } from 'vitest';
import { progressNotification } from '../../protocol/api/topics';
import { onNotification } from '../../protocol/wire/peer';
import { eventually } from '../../tests/fixtures/eventually';
import { mergedPieces } from './mergedPieces';
import { watchedCalls } from './watchedCalls';

it('sends what came too fast as one where it is told how, also when the work is done', async () => {
  const [there, back] = [new PassThrough(), new PassThrough()];
  const server = createMessageConnection(new StreamMessageReader(back), new StreamMessageWriter(there));
  const client = createMessageConnection(new StreamMessageReader(there), new StreamMessageWriter(back));
  const seen: unknown[] = [];
  const seenValue = ({ value }: { value?: unknown }): void => void seen.push(value);
  onNotification(client, progressNotification, seenValue, (method) => seen.push(`malformed ${method}`));
  server.listen();
  client.listen();
  try {
    const watch = watchedCalls(server, pino({ level: 'silent' }));
    await watch(
      't',
      AbortSignal.timeout(60_000),
      (watched) => {
        ['a', 'b', 'c'].forEach((piece, i) => watched.onProgress?.({ piece, tokens: i + 1 }));
        return Promise.resolve();
      },
      mergedPieces,
    );
    const joined = (): string => seen.map((value) => (value as { piece: string }).piece).join('');
    await eventually(() => expect(joined()).toBe('abc'));
    expect(seen.at(-1)).toMatchObject({ tokens: 3 });
  } finally {
    client.dispose();
    server.dispose();
  }
});

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
