import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { likeLabels } from './likeLabels';
import { checkUtf8 } from './textHead';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-odd-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function check(bytes: Buffer | string): Promise<unknown> {
  const file = path.join(folder, 'text.csv');
  await writeFile(file, bytes);
  return checkUtf8(file).catch((error: unknown) => error);
}

describe('text', () => {
  it('is taken as UTF-8, also where a letter is cut in two at the end of the first megabyte', async () => {
    expect(await check('متن,برچسب\nخوب,۱\n')).toBeUndefined();
    expect(await check(`a${'ب'.repeat(1 << 18)}\n${'پ'.repeat(1 << 19)}\n`)).toBeUndefined();
  });

  it('of another encoding is named with its first line', async () => {
    // «سلام» as Windows-1256 writes it.
    const salam = Buffer.from([0xd3, 0xe1, 0xc7, 0xe3]);
    const error = await check(Buffer.concat([Buffer.from('text,label\nok,1\n'), salam, Buffer.from(',1\n')]));
    expect(error).toMatchObject({ line: 3, message: expect.stringContaining('UTF-8') as string });
  });
});

it('labels that read alike are told, others are not', () => {
  expect(likeLabels(['خوب', 'بد', 'کتاب', 'کتابی'], '/data/label')).toEqual([]);
  const [first, second, ...rest] = likeLabels(['علی', 'علي', 'می‌رود', 'می رود', 'Yes', 'no'], '/data/label');
  expect(first?.message).toContain('"علی", "علي"');
  expect(second?.message).toContain('می رود');
  expect(first).toMatchObject({ severity: 'warning', path: '/data/label' });
  expect(rest).toEqual([]);
});
