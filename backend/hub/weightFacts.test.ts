import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { useHubClient } from '../../tests/fixtures/hubClient';
import { headerLength, parseHeader } from './safetensors';

function safetensors(tensors: Record<string, { dtype: string; shape: number[] }>, padding = 0): Buffer {
  const header = Buffer.from(
    JSON.stringify({ __metadata__: { format: 'pt', filler: 'x'.repeat(padding) }, ...tensors }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, randomBytes(300_000)]);
}
const half = { 'a.weight': { dtype: 'F16', shape: [1000, 2000] }, b: { dtype: 'F32', shape: [10] } };

describe('a header', () => {
  it('tells parameters, bytes and the type of most of them', () => {
    const file = safetensors(half);
    const length = headerLength(file, file.length)!;
    expect(parseHeader(file.subarray(8, 8 + length))).toEqual({
      parameters: 2_000_010,
      bytes: 4_000_040,
      dtype: 'F16',
    });
  });

  it.each([
    ['cut short', Buffer.alloc(4), 100],
    ['longer than the file', Buffer.from('ffffffff00000000', 'hex'), 1000],
    ['enormous', Buffer.from('ffffffffffffff7f', 'hex'), Number.MAX_SAFE_INTEGER],
    ['empty', Buffer.alloc(8), 1000],
  ])('that is %s is none', (_name, first, size) => {
    expect(headerLength(first, size)).toBeUndefined();
  });

  it.each(['[]', '{', '{"a":{"dtype":"F32","shape":[-1]}}', '{"a":5}', '{}'])('%s is none', (text) => {
    expect(parseHeader(Buffer.from(text))).toBeUndefined();
  });
});

describe('the verdict before a download', () => {
  const loopback = useHubClient();
  const reason = async (files: Record<string, Buffer | string>, tag = 'text-to-speech'): Promise<string> => {
    await loopback.hub.add('org/m', files, { pipeline_tag: tag });
    const { runsHere } = await loopback.client.model('org/m');
    expect(runsHere.verdict).toBe('no');
    return runsHere.reason;
  };
  const sent = (): number =>
    loopback.hub.requests.filter((r) => r.host === 'cdn').reduce((n, r) => n + r.bytes, 0);

  it('names parameters and memory, from kilobytes', async () => {
    const text = await reason({
      'config.json': '{"model_type":"vits"}',
      'model.safetensors': safetensors(half),
    });
    expect(text).toContain('safetensors (vits): 2.0 million parameters in F16, 4.0 MB of memory');
    expect(text).toMatch(/Of its kind, .*ONNX/);
    expect(sent()).toBeLessThanOrEqual(64 * 1024);
  });

  it('reads the rest of a long header, and every shard', async () => {
    const shard = safetensors(half, 100_000);
    const text = await reason({
      'model-00001-of-00002.safetensors': shard,
      'model-00002-of-00002.safetensors': shard,
      'adapter/adapter_model.safetensors': shard,
    });
    expect(text).toContain('4.0 million parameters');
    expect(sent()).toBeLessThan(220_000);
  });

  it.each<[string, Record<string, unknown>]>([
    ['ignores ranges', { ignoreRange: true }],
    ['fails', { status: 503 }],
    ['refuses', { status: 403 }],
  ])('does without when the server %s', async (_name, fault) => {
    loopback.hub.fault({ host: 'cdn', ...fault });
    const text = await reason({ 'model.safetensors': safetensors(half) });
    expect(text).toContain('safetensors; this version');
    expect(text).not.toContain('parameters');
  });

  it('does without when the header is rubbish', async () => {
    expect(await reason({ 'model.safetensors': randomBytes(100_000) })).not.toContain('parameters');
  });

  it('names pickles as a risk, and ONNX as what it is', async () => {
    expect(await reason({ 'pytorch_model.bin': randomBytes(1000) })).toContain('can run code');
    expect(await reason({ 'voice.ckpt': randomBytes(1000) })).toContain('can run code');
    const onnx = await reason({ 'voice.onnx': randomBytes(1000), 'voice.ckpt': randomBytes(1000) });
    expect(onnx).toContain('ONNX');
    expect(onnx).not.toContain('can run code');
  });
});
