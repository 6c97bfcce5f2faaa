import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PutAnswer, PutRequest, WholeFile } from './messages';
import { settleFiles, writeFile as writeWhole } from './putFiles';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-disk-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const exists = (name: string): Promise<boolean> =>
  access(path.join(folder, name)).then(
    () => true,
    () => false,
  );

const putFiles = (requests: readonly PutRequest[]): Promise<PutAnswer[]> =>
  settleFiles(requests.map(writeWhole));

const file = (name: string, text: string, note?: string): WholeFile => ({
  partial: path.join(folder, `${name}.incomplete`),
  destination: path.join(folder, name),
  content: new TextEncoder().encode(text),
  ...(note === undefined ? {} : { note: { path: path.join(folder, `${name}.metadata`), text: note } }),
});

describe('putting whole files on the disk', () => {
  it('gives each its name and its note, the empty one too', async () => {
    const answers = await putFiles([
      { id: 1, file: file('سلام.txt', 'درود', 'commit') },
      { id: 2, file: file('empty', '') },
    ]);
    expect(answers).toEqual([
      { id: 1, outcome: 'named', noted: true },
      { id: 2, outcome: 'named', noted: false },
    ]);
    expect(await readFile(path.join(folder, 'سلام.txt'), 'utf8')).toBe('درود');
    expect(await readFile(path.join(folder, 'سلام.txt.metadata'), 'utf8')).toBe('commit');
    expect(await readFile(path.join(folder, 'empty'), 'utf8')).toBe('');
    expect(await exists('empty.incomplete')).toBe(false);
  });

  it('never writes over what lies where the bytes would gather', async () => {
    const taken = file('taken', 'new');
    await writeFile(taken.partial, 'somebody is at it');
    expect(await putFiles([{ id: 1, file: taken }])).toEqual([{ id: 1, outcome: 'failed', noted: false }]);
    expect(await readFile(taken.partial, 'utf8')).toBe('somebody is at it');
    expect(await exists('taken')).toBe(false);
  });

  it('leaves nothing of one that cannot have its name, and puts the others', async () => {
    const blocked = file('blocked', 'x');
    await mkdir(path.join(blocked.destination, 'inside'), { recursive: true });
    const answers = await putFiles([
      { id: 1, file: blocked },
      { id: 2, file: file('fine', 'y') },
    ]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(['failed', 'named']);
    expect(await exists('blocked.incomplete')).toBe(false);
  });

  it('says that the note was not written', async () => {
    const astray = { ...file('a', 'x'), note: { path: path.join(folder, 'no', 'such', 'folder'), text: '' } };
    expect(await putFiles([{ id: 1, file: astray }])).toEqual([{ id: 1, outcome: 'named', noted: false }]);
  });
});
