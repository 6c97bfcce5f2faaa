import { describe, expect, it } from 'vitest';
import { parseTransport } from './transport';

describe('parseTransport', () => {
  it.each([
    [['--stdio'], { kind: 'stdio' }],
    [['--node-ipc'], { kind: 'node-ipc' }],
    [['--pipe=/tmp/x.sock'], { kind: 'pipe', path: '/tmp/x.sock' }],
    [['--pipe', '\\\\.\\pipe\\goya'], { kind: 'pipe', path: '\\\\.\\pipe\\goya' }],
    [['--clientProcessId=1', '--stdio'], { kind: 'stdio' }],
    [[], undefined],
    [['--pipe='], undefined],
    [['--port=1'], undefined],
  ])('%j', (args, transport) => {
    expect(parseTransport(args)).toEqual(transport);
  });
});
