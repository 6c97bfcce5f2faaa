import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { onnxFacts } from '../../sdk/onnx/facts';
import { message, number, onnxFile, pair, text } from '../../../tests/fixtures/onnx';
import { checkOnnx, withMetadata } from './check';
import { piecesOf } from './pieces';
import { piperConfig, piperMetadata, piperProblem, tokensOf } from './piperConfig';
import { wordsOf } from './recogniser';
import { checkRecogniserTokens, checkVoiceTokens, readTokens } from './tokens';
import { sentencesOf } from './voice';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'goya-check-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const check = (bytes: Uint8Array): Promise<void> => checkOnnx(bytes, { name: 'm.onnx', folder });

describe('an ONNX file', () => {
  it('of every fixture passes, and passes at no other length', async () => {
    const fixtures = path.resolve(import.meta.dirname, '../../../tests/fixtures/sherpa');
    for (const name of [
      'piper/fa_IR-tiny-medium.onnx',
      'nemo-ctc/model.onnx',
      'matcha/vocos-22khz-univ.onnx',
    ])
      await check(await readFile(path.join(fixtures, name)));
    const file = onnxFile({ properties: { a: 'b' } });
    await check(file);
    // A file that ends between two of its fields is whole as far as anybody can tell.
    for (let length = 0; length < file.length; length += 1) {
      await check(file.subarray(0, length)).catch((error: unknown) =>
        expect(error).toMatchObject({ code: 'model.corrupt' }),
      );
    }
  });

  it('may keep weights in a file beside it, not behind a link that leads away', async () => {
    const file = onnxFile({ external: 'far.data' });
    await expect(check(file)).rejects.toMatchObject({ code: 'model.corrupt' });
    await writeFile(path.join(folder, 'far.data'), 'weights');
    await check(file);
    const outside = await mkdtemp(path.join(os.tmpdir(), 'goya-outside-'));
    await writeFile(path.join(outside, 'secret'), 'x');
    await rm(path.join(folder, 'far.data'));
    await symlink(path.join(outside, 'secret'), path.join(folder, 'far.data'));
    await expect(check(file)).rejects.toMatchObject({ code: 'model.unsafe' });
    await rm(outside, { recursive: true });
  });

  it.each(['../x', '/etc/passwd', 'a/../../x', 'C:\\x', '..\\x', ''])('may not name %j', async (place) => {
    const tensor = message(5, number(2, 1), text(8, 'w'), pair(13, 'location', place), number(14, 1));
    // In a constant of a node too.
    const inNode = message(1, text(4, 'Constant'), message(5, text(1, 'value'), Buffer.concat([tensor])));
    for (const graph of [message(7, tensor), message(7, inNode)])
      await expect(check(Buffer.concat([number(1, 8), graph]))).rejects.toMatchObject({
        code: 'model.unsafe',
      });
  });

  it('gets properties after its own', async () => {
    const bytes = Buffer.concat(
      withMetadata(onnxFile({ properties: { a: 'b' } }), { voice: 'fa', long: 'ی'.repeat(90) }),
    );
    await check(bytes);
    const facts = await onnxFacts({ path: 'm', size: bytes.length }, (_, start, end) =>
      Promise.resolve(bytes.subarray(start, end)),
    );
    expect(facts?.properties).toEqual({ a: 'b', voice: 'fa', long: 'ی'.repeat(90) });
  });
});

describe('tokens', () => {
  it('are a token and a number a line, the space alone', () => {
    expect([...readTokens('<blk> 0\r\n▁سلام 1\n  2\n\n', 't')]).toEqual([
      ['<blk>', 0],
      ['▁سلام', 1],
      [' ', 2],
    ]);
  });
  it.each(['a b c', 'a', 'a -1', 'a 99999999999'])('are not %j', (line) => {
    expect(() => readTokens(line, 't')).toThrow(/line 1/);
  });
  it('must have what decoding needs', () => {
    expect(() => readTokens('', 't')).toThrow(/no tokens/);
    expect(() => checkRecogniserTokens(readTokens('a 0', 't'), 't')).toThrow(/no blank/);
    expect(() => checkVoiceTokens(readTokens('^ 0\na 1', 't'), 't')).toThrow(/\$/);
    expect(() => checkVoiceTokens(readTokens('^ 0\n$ 1\nab 2', 't'), 't')).toThrow(/no phoneme/);
  });
});

describe("a Piper voice's description", () => {
  const json = {
    audio: { sample_rate: 22_500 },
    espeak: { voice: 'fa' },
    phoneme_id_map: { _: [0], '^': [1], $: 2, ' ': [3], ab: [4], '\n': [5] },
    num_symbols: 6,
  };
  const config = piperConfig.parse(json);
  it('becomes tokens and metadata', () => {
    expect(tokensOf(config)).toBe('_ 0\n^ 1\n$ 2\n  3\n');
    expect(piperMetadata(config)).toMatchObject({ sample_rate: '22050', voice: 'fa', n_speakers: '1' });
    expect(piperProblem(config)).toBeUndefined();
  });
  it('that cannot be spoken with says why', () => {
    expect(piperProblem({ ...config, phoneme_type: 'text' })).toContain('text');
    expect(piperProblem({ ...config, espeak: undefined })).toContain('espeak');
    expect(piperProblem({ ...config, phoneme_id_map: { _: 0, '^': 1 } })).toContain('$');
    expect(piperProblem({ ...config, num_symbols: 4 })).toContain('4 symbols');
    expect(piperConfig.safeParse({ ...json, espeak: { voice: '../../etc' } }).success).toBe(false);
  });
});

describe('a long sound', () => {
  it('is cut where it is quietest, and nothing is lost', () => {
    const rate = 1000;
    const samples = new Float32Array(75 * rate).fill(0.5);
    samples.fill(0, 26 * rate, 26.2 * rate);
    const pieces = piecesOf(samples, rate);
    expect(pieces[0]?.start).toBe(0);
    expect(pieces[0]?.end).toBeGreaterThanOrEqual(26 * rate);
    expect(pieces[0]?.end).toBeLessThanOrEqual(26.2 * rate);
    pieces.forEach(({ start, end }, i) => {
      expect(end - start).toBeLessThanOrEqual(30 * rate);
      expect(start).toBe(pieces[i - 1]?.end ?? 0);
    });
    expect(pieces.at(-1)?.end).toBe(samples.length);
    expect(piecesOf(new Float32Array(0), rate)).toEqual([]);
  });
});

describe('words', () => {
  it('are tokens up to the next space, with times of the whole sound', () => {
    const heard = { text: '', tokens: [' سلا', 'م', '▁دنیا', '▁'], timestamps: [0, 0.2, 0.4, 2] };
    expect(wordsOf(heard, 30, 33)).toEqual([
      { text: 'سلام', start: 30, end: 30.4 },
      { text: 'دنیا', start: 30.4, end: 30.9 },
    ]);
    expect(wordsOf({ text: 'x', tokens: ['x'], timestamps: [] }, 0, 1)).toEqual([]);
  });
});

describe('sentences', () => {
  it('end at their signs and lines; what cannot be said is left out', () => {
    expect(sentencesOf('سلام دنیا. چه خبر؟ خوب!\n…\nعدد 3.14 است')).toEqual([
      'سلام دنیا.',
      'چه خبر؟',
      'خوب!',
      'عدد 3.14 است',
    ]);
  });
});
