import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { useHubClient } from '../../tests/fixtures/hubClient';
import { message, number, onnxFile, text } from '../../tests/fixtures/onnx';
import { onnxFacts } from '../sdk/onnx/facts';

const properties = { model_type: 'vits', sample_rate: '22050', language: 'Persian', n_speakers: '1' };
const asked: (readonly [number, number])[] = [];
const factsOf = (file: Buffer) => {
  asked.length = 0;
  return onnxFacts({ path: 'm.onnx', size: file.length }, (_path, start, end) => {
    asked.push([start, end]);
    return Promise.resolve(file.subarray(start, end));
  });
};
const expected = {
  path: 'm.onnx',
  irVersion: 8,
  producer: 'pytorch 2.1.0',
  opsets: [{ domain: '', version: 15 }],
  inputs: [{ name: 'x', type: 'int64', shape: ['batch', 'time'] }],
  outputs: [{ name: 'y', type: 'float', shape: ['batch', 1, 'samples'] }],
  properties,
};

describe('an ONNX file', () => {
  it('tells its versions, inputs, outputs and properties', async () => {
    expect(await factsOf(onnxFile({ properties }))).toEqual({ ...expected, externalData: [] });
  });

  it.each([100_000, 5_000_000])(
    'does so from its two ends when %i bytes of weights lie between',
    async (size) => {
      const file = onnxFile({ properties, weights: randomBytes(size), external: 'm.onnx.data' });
      const { externalData, ...facts } = (await factsOf(file))!;
      expect(facts).toEqual(expected);
      // The weight before the inputs is part of the middle that was not read.
      expect(externalData.every((name) => name === 'm.onnx.data')).toBe(true);
      expect(asked.length).toBeLessThanOrEqual(2);
      expect(asked.reduce((sum, [start, end]) => sum + end - start, 0)).toBeLessThanOrEqual(160 * 1024);
    },
  );

  it('names the files that hold its weights', async () => {
    expect((await factsOf(onnxFile({ external: 'm.onnx.data' })))?.externalData).toEqual(['m.onnx.data']);
  });
});

describe('a hostile file', () => {
  const huge = Buffer.from('ffffffffffffffffff01', 'hex');
  const deep = (levels: number): Buffer => {
    let inner: Buffer = Buffer.alloc(0);
    for (let level = 0; level < levels; level += 1) inner = message(7, inner);
    return inner;
  };
  it.each<[string, Buffer]>([
    ['is empty', Buffer.alloc(0)],
    ['is random', randomBytes(200_000)],
    ['is a page', Buffer.from('<html>not found</html>')],
    ['has a length beyond its end', Buffer.concat([number(1, 8), Buffer.from([0x3a]), huge])],
    ['has a number without an end', Buffer.alloc(100_000, 0xff)],
    ['has nothing but tags', Buffer.alloc(100_000, 0x5a)],
    ['has a graph that leaves the file', Buffer.concat([number(1, 8), Buffer.from('3affffffff0f', 'hex')])],
    ['has groups', Buffer.alloc(1000, 0x0b)],
    ['has no version', message(7, text(2, 'g'))],
  ])('that %s is none', async (_name, file) => {
    expect(await factsOf(file)).toBeUndefined();
  });

  it('that nests deeply, or has a version of astronomic size, tells what it can', async () => {
    expect(await factsOf(Buffer.concat([number(1, 8), deep(3000)]))).toMatchObject({ irVersion: 8 });
    const odd = Buffer.concat([
      number(1, 8),
      message(7, text(2, 'g')),
      message(8, Buffer.from([0x10]), huge),
    ]);
    expect((await factsOf(odd))?.opsets).toEqual([]);
  });

  it('gives up control characters and endless names', async () => {
    const odd = { 'a\u0000b': 'x', long: 'y'.repeat(100_000), fine: 'z' };
    const facts = await factsOf(onnxFile({ properties: odd }));
    expect(facts?.properties['fine']).toBe('z');
    expect(Object.keys(facts?.properties ?? {})).not.toContain('a\u0000b');
    expect(JSON.stringify(facts).length).toBeLessThan(2000);
  });

  it('cut anywhere, never throws', async () => {
    const file = onnxFile({ properties });
    for (let length = 0; length < file.length; length += 1) await factsOf(file.subarray(0, length));
  });

  it('made of small inputs that lead nowhere is given up soon', async () => {
    const trap = Buffer.concat([
      number(1, 8),
      message(7, Buffer.alloc(200_000, Buffer.from([0x5a, 0x00])), Buffer.from([0x08])),
    ]);
    expect(await factsOf(trap)).not.toHaveProperty('inputs');
  });
});

describe('the answer of hub/model', () => {
  const loopback = useHubClient();

  it('says what an ONNX voice is, from kilobytes, and what Piper writes beside it', async () => {
    const weights = randomBytes(3_000_000);
    await loopback.hub.add(
      'org/voices',
      {
        'de/de_DE/one.onnx': onnxFile({ weights }),
        'fa/fa_IR/amir.onnx': onnxFile({ weights, properties: {} }),
        'fa/fa_IR/amir.onnx.json': JSON.stringify({
          audio: { sample_rate: 22050, quality: 'medium' },
          espeak: { voice: 'fa' },
          language: { code: 'fa_IR' },
          num_speakers: 1,
        }),
      },
      { pipeline_tag: 'text-to-speech' },
    );
    const { runsHere, weights: told, comparable } = await loopback.client.model('org/voices');
    expect(told).toMatchObject({
      formats: ['ONNX'],
      architecture: 'Piper VITS',
      pickle: 'none',
      onnx: {
        path: 'fa/fa_IR/amir.onnx',
        properties: { sample_rate: '22050', language: 'fa_IR', comment: 'piper', n_speakers: '1' },
      },
    });
    expect(told?.memoryBytes).toBeGreaterThan(3_000_000);
    expect(runsHere.verdict).toBe('no');
    expect(runsHere.reason).toContain('ONNX (Piper VITS), operator set 15, 22050 Hz, fa_IR');
    expect(comparable?.sizeBytes).toBeGreaterThan(0);
    const sent = loopback.hub.requests.filter((r) => r.host === 'cdn').reduce((n, r) => n + r.bytes, 0);
    expect(sent).toBeLessThanOrEqual(170 * 1024);
  });

  it('counts weights in files beside it', async () => {
    await loopback.hub.add('org/far', {
      'onnx/model.onnx': onnxFile({ external: 'model.onnx_data' }),
      'onnx/model.onnx_data': randomBytes(50_000),
    });
    const { weights } = await loopback.client.model('org/far');
    expect(weights?.onnx?.externalData).toEqual(['onnx/model.onnx_data']);
    expect(weights?.memoryBytes).toBeGreaterThan(50_000);
  });

  it('says nothing of a file that is no ONNX', async () => {
    await loopback.hub.add('org/odd', { 'a.onnx': randomBytes(100_000) });
    const { weights, runsHere } = await loopback.client.model('org/odd');
    expect(weights).toEqual({ formats: ['ONNX'], pickle: 'none' });
    expect(runsHere.verdict).toBe('no');
  });
});
