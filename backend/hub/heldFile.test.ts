import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStudioError } from '../../protocol/wire/errors';
import { DiskThread } from './disk/diskThread';
import { settleFiles, writeFile as writeWhole } from './disk/putFiles';
import { HeldFile, type HeldFileOptions } from './heldFile';

const content = Buffer.from('بسم الله الرحمن الرحیم');
const sha256 = createHash('sha256').update(content).digest('hex');
let folder: string;
let destination: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-held-'));
  destination = path.join(folder, 'file');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const disk: HeldFileOptions['disk'] = {
  put: async (file) => {
    const [answer] = await settleFiles([writeWhole({ id: 1, file })]);
    if (answer === undefined) throw new Error('no answer');
    return answer;
  },
};

const held = (options: Partial<HeldFileOptions> = {}): HeldFile =>
  new HeldFile({
    path: path.join(folder, 'file.incomplete'),
    size: content.length,
    kind: 'sha256',
    disk,
    patience: 60_000,
    ...options,
  });

async function receive(file: HeldFile): Promise<void> {
  await file.write(content.subarray(0, 7));
  await file.write(content.subarray(7));
}

describe('a small file held in memory', () => {
  it('touches the disk once, when it is whole', async () => {
    const file = held();
    await receive(file);
    expect(await readdir(folder)).toEqual([]);
    expect(await file.finish()).toBe(sha256);
    expect(await file.place(destination, { path: `${destination}.metadata`, text: 'm' })).toBe(true);
    expect((await readdir(folder)).sort()).toEqual(['file', 'file.metadata']);
    expect(await readFile(destination)).toEqual(content);
  });

  it('goes on where a crash loses nothing when it takes long', async () => {
    const file = held({ patience: -1 });
    await file.write(content.subarray(0, 7));
    expect(await readdir(folder)).toEqual(['file.incomplete']);
    await file.write(content.subarray(7));
    expect(file.length).toBe(content.length);
    expect(await file.finish()).toBe(sha256);
    await file.place(destination);
    expect(await readFile(destination)).toEqual(content);
  });

  it('keeps what came when it is stopped', async () => {
    const file = held();
    await file.write(content.subarray(0, 7));
    await file.close();
    expect(await readFile(path.join(folder, 'file.incomplete'))).toEqual(content.subarray(0, 7));
  });

  it('leaves nothing of one of which nothing came', async () => {
    await held().close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('begins anew with another hash', async () => {
    const file = held();
    await file.write(Buffer.from('wrong'));
    await file.restart();
    expect(file.length).toBe(0);
    await receive(file);
    expect(await file.finish()).toBe(sha256);
    await file.close();
  });

  it.each([
    ['is not part of this installation', () => undefined],
    ['ends at once', () => path.join(folder, 'ends.mjs')],
  ])('is written by other means when the thread %s', async (_, entry) => {
    await writeFile(path.join(folder, 'ends.mjs'), 'process.exit(3);\n');
    const thread = new DiskThread(entry);
    const file = held({ disk: thread });
    await receive(file);
    await file.finish();
    expect(await file.place(destination, { path: `${destination}.metadata`, text: '' })).toBe(false);
    expect(await readFile(destination)).toEqual(content);
    await thread.close();
  });

  it('tells why it cannot be written', async () => {
    const file = held({ path: path.join(folder, 'gone', 'file.incomplete') });
    await receive(file);
    await expect(file.place(destination)).rejects.toSatisfy((error) => isStudioError(error));
  });
});
