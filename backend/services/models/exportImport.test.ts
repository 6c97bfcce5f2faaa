/** Models that travel as a folder or an archive, and archives that mean harm. */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ModelsProgress } from '../../../protocol/api/models';
import { verificationOf, type Model } from '../../../protocol/model/model';
import { openEmbeddedTest, type TestDatabase } from '../../../tests/fixtures/databases';
import { openLibrary, sha256, type Library } from '../../../tests/fixtures/library';
import { archiveSink } from './archive/sinks';
import { blockSize } from './archive/tarFormat';
import { readTar } from './archive/tarReader';
import type { ExportManifest } from './exportManifest';

const run = promisify(execFile);
const longName = `${'پوشه‌ی بلند/'.repeat(8)}واژه‌ها.txt`;
const weights = randomBytes(2_500_000);
const files = { 'config.json': '{"model_type":"vits"}', 'model.safetensors': weights, [longName]: 'آ ب پ' };

let database: TestDatabase;
let library: Library;
let free: number;
beforeAll(async () => {
  database = await openEmbeddedTest();
});
afterAll(() => database.close());
beforeEach(async () => {
  free = Number.MAX_SAFE_INTEGER;
  library = await openLibrary(database, { freeBytes: () => Promise.resolve(free) });
  await library.hub.add('org/voice', files, { tags: ['license:mit'] });
});
afterEach(() => library.close());

async function installed(): Promise<Model> {
  await library.download('org/voice');
  const [model] = await library.models.list();
  if (model === undefined) throw new Error('no model');
  return model;
}
const at = (...parts: string[]): string => path.join(library.root, ...parts);
/** As another machine: the model goes from here, the hub is not there. */
async function elsewhere(model: Model): Promise<void> {
  await library.models.remove(model.id);
  library.disconnect();
}
const entriesOf = async (archive: string): Promise<string[]> => {
  const found: string[] = [];
  for await (const entry of readTar(archive)) found.push(entry.name);
  return found;
};

describe('export', () => {
  it('makes an archive that tar and sha256sum understand', async (context) => {
    const model = await installed();
    const seen: ModelsProgress[] = [];
    const result = await library.models.export(
      model.id,
      { path: at('voice.tar'), format: 'archive' },
      { onProgress: (progress) => seen.push(progress) },
    );
    expect(result).toEqual({ path: at('voice.tar'), files: 3, bytes: model.sizeBytes });
    expect(seen.at(-1)).toMatchObject({ bytesDone: model.sizeBytes, bytesTotal: model.sizeBytes });
    expect(await entriesOf(at('voice.tar'))).toContain(`voice/${longName}`);
    if (process.platform === 'win32') return context.skip('Windows has no sha256sum');
    await mkdir(at('unpacked'));
    await run('tar', ['-xf', at('voice.tar'), '-C', at('unpacked')]);
    const { stdout } = await run('sha256sum', ['-c', '--quiet', 'SHA256SUMS'], {
      cwd: at('unpacked', 'voice'),
    });
    expect(stdout).toBe('');
    expect((await readFile(at('unpacked', 'voice', 'model.safetensors'))).equals(weights)).toBe(true);
    expect(await readFile(at('unpacked', 'voice', longName), 'utf8')).toBe('آ ب پ');
    const manifest = JSON.parse(
      await readFile(at('unpacked', 'voice', 'goya-export.json'), 'utf8'),
    ) as ExportManifest;
    expect(manifest).toMatchObject({ version: 1, repoId: 'org/voice', commit: model.commit, licence: 'mit' });
    expect(manifest.files).toContainEqual({
      path: 'model.safetensors',
      size: weights.length,
      sha256: sha256(weights),
    });
    // As after a download, for `hf download --local-dir` and for Goya.
    const metadata = at('unpacked', 'voice', '.cache', 'huggingface', 'download', 'config.json.metadata');
    expect((await readFile(metadata, 'utf8')).split('\n')[0]).toBe(model.commit);
  });

  it('comes back on a machine without a hub, whole and complete', async () => {
    const model = await installed();
    await library.models.export(model.id, { path: at('voice.tar'), format: 'archive' });
    await elsewhere(model);
    const back = await library.models.import(at('voice.tar'));
    expect(back).toMatchObject({
      repoId: 'org/voice',
      commit: model.commit,
      path: model.path,
      licence: 'mit',
    });
    expect(verificationOf(back)).toMatchObject({ state: 'unverified', against: ['record', 'export'] });
    expect(await library.models.verify(back.id)).toEqual({ ok: true, problems: [] });
    expect((await readdir(back.path)).sort()).toEqual(
      ['.cache', 'config.json', 'model.safetensors', longName.split('/')[0] ?? ''].sort(),
    );
    expect((await library.models.import(at('voice.tar'))).id).toBe(back.id);
    expect(await readdir(library.modelsPath)).toEqual(['org']);
  });

  it('makes a folder that can be imported where it lies, and whose hashes are checked', async () => {
    const model = await installed();
    await library.models.export(model.id, { path: at('out'), format: 'folder' });
    await elsewhere(model);
    const back = await library.models.import(at('out'));
    expect(back).toMatchObject({
      repoId: 'org/voice',
      commit: model.commit,
      path: at('out'),
      status: 'ready',
    });
    await writeFile(at('out', 'model.safetensors'), Buffer.alloc(weights.length));
    const altered = await library.models.import(at('out'));
    expect(altered).toMatchObject({ id: back.id, status: 'corrupt' });
    expect(verificationOf(altered)).toMatchObject({
      state: 'differs',
      problems: [{ file: 'model.safetensors', kind: 'altered' }],
    });
  });

  it('passes nothing damaged on and leaves nothing behind', async () => {
    const model = await installed();
    await writeFile(path.join(model.path, 'model.safetensors'), Buffer.alloc(weights.length));
    for (const format of ['folder', 'archive'] as const) {
      await expect(library.models.export(model.id, { path: at('x.tar'), format })).rejects.toMatchObject({
        kind: 'model.corrupt',
      });
    }
    expect((await readdir(library.root)).filter((name) => name.startsWith('x.tar'))).toEqual([]);
  });

  it('refuses what is in the way, and stops when told', async () => {
    const model = await installed();
    const to = (destination: string, signal?: AbortSignal): Promise<unknown> =>
      library.models.export(model.id, { path: destination, format: 'archive' }, { signal });
    await writeFile(at('there.tar'), 'mine');
    await expect(to(at('there.tar'))).rejects.toMatchObject({ kind: 'download.writeFailed' });
    expect(await readFile(at('there.tar'), 'utf8')).toBe('mine');
    await expect(to('relative.tar')).rejects.toMatchObject({ kind: 'download.writeFailed' });
    await expect(to(path.join(model.path, 'x.tar'))).rejects.toMatchObject({ kind: 'download.writeFailed' });
    await expect(to(at('no', 'folder', 'x.tar'))).rejects.toMatchObject({ kind: 'download.writeFailed' });
    free = 1000;
    await expect(to(at('x.tar'))).rejects.toMatchObject({ kind: 'download.diskFull' });
    free = Number.MAX_SAFE_INTEGER;
    const controller = new AbortController();
    const exporting = library.models.export(
      model.id,
      { path: at('x.tar'), format: 'archive' },
      { signal: controller.signal, onProgress: () => controller.abort() },
    );
    await expect(exporting).rejects.toMatchObject({ kind: 'cancelled' });
    expect((await readdir(library.root)).filter((name) => name.includes('x.tar'))).toEqual([]);
  });
});

interface Entry {
  readonly name: string;
  readonly content?: string;
  /** The flag of a header of another kind. */
  readonly flag?: string;
}
/** An archive as an attacker writes it; the manifest tells the truth of its plain files. */
async function archiveOf(entries: readonly Entry[], manifest: object = {}): Promise<string> {
  const file = at('hostile.tar');
  await rm(file, { force: true });
  const sink = await archiveSink(file, 'voice');
  for (const { name, content = '' } of entries) {
    const data = Buffer.from(content);
    await sink.add(name, data.length, (write) => write(data));
  }
  const listed = entries
    .filter(({ flag }) => flag === undefined)
    .map(({ name, content = '' }) => ({
      path: name,
      size: Buffer.byteLength(content),
      sha256: sha256(content),
    }));
  const text = Buffer.from(
    JSON.stringify({
      format: 'goya-export',
      version: 1,
      exportedAt: '2026-01-01T00:00:00Z',
      name: 'voice',
      type: 'tts',
      repoId: 'org/voice',
      files: listed,
      ...manifest,
    }),
  );
  await sink.add('goya-export.json', text.length, (write) => write(text));
  await sink.finish();
  await sink.close();
  const flagged = entries.filter(({ flag }) => flag !== undefined);
  if (flagged.length > 0) await reflag(file, flagged);
  return file;
}
/** Gives entries another type, with a checksum that is right. */
async function reflag(file: string, entries: readonly Entry[]): Promise<void> {
  const data = await readFile(file);
  for (let at = 0; at + blockSize <= data.length; at += blockSize) {
    const block = data.subarray(at, at + blockSize);
    const name = block.subarray(0, 100).toString('latin1').replace(/\0+$/, '');
    const flag = entries.find((entry) => `voice/${entry.name}` === name)?.flag;
    if (flag === undefined) continue;
    block.write(flag, 156, 'latin1');
    block.write('/etc/passwd', 157, 'latin1');
    block.fill(0x20, 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  }
  await writeFile(file, data);
}
const config = { name: 'config.json', content: '{"model_type":"vits"}' };
const model = { name: 'model.safetensors', content: 'weights' };

describe('a hostile archive', () => {
  it.each<[string, Entry]>([
    ['a way up', { name: '../../../escaped.txt', content: 'x' }],
    ['a way up in the middle', { name: 'a/../../escaped.txt', content: 'x' }],
    ['a drive', { name: 'C:/escaped.txt', content: 'x' }],
    ['a backslash', { name: '..\\escaped.txt', content: 'x' }],
    ['a device', { name: 'aux.txt', content: 'x' }],
    ['a repository’s inside', { name: '.git/config', content: 'x' }],
    ['bookkeeping that leads out', { name: '.cache/huggingface/download/../../../x.metadata', content: 'x' }],
    ['a symbolic link', { name: 'link', flag: '2' }],
    ['a hard link', { name: 'link', flag: '1' }],
    ['a device node', { name: 'node', flag: '3' }],
    ['the same name in other case', { name: 'CONFIG.json', content: 'x' }],
    ['the same name again', { name: 'config.json', content: 'x' }],
    ['a file as a folder', { name: 'config.json/x', content: 'x' }],
  ])('with %s is refused and leaves nothing', async (_, entry) => {
    await mkdir(library.modelsPath, { recursive: true });
    const archive = await archiveOf([config, model, entry]);
    await expect(library.models.import(archive)).rejects.toMatchObject({ kind: 'download.unsafePath' });
    expect(await readdir(library.modelsPath)).toEqual([]);
    expect((await readdir(library.root)).filter((name) => name.includes('escaped'))).toEqual([]);
  });

  it('with absolute names or another top folder is refused', async () => {
    for (const top of ['/etc', '../voice', '..']) {
      const sink = await archiveSink(at('top.tar'), top);
      await sink.add('x', 1, (write) => write(Buffer.from('x')));
      await sink.finish();
      await sink.close();
      await expect(library.models.import(at('top.tar'))).rejects.toMatchObject({
        kind: 'download.unsafePath',
      });
      await rm(at('top.tar'));
    }
  });

  it('with a hostile repository in its manifest is refused', async () => {
    for (const repoId of ['../../x', '/etc/x', 'org/..', 'a/b/c']) {
      const archive = await archiveOf([config, model], { repoId });
      const error = await library.models.import(archive).catch((thrown: unknown) => thrown);
      expect(['download.unsafePath', 'hub.notFound']).toContain((error as { kind: string }).kind);
    }
    expect(await readdir(library.modelsPath)).toEqual([]);
  });

  it('that is damaged, cut short, foreign or too large is refused and leaves nothing', async () => {
    const importing = async (change: (data: Buffer) => Buffer, kind: string): Promise<void> => {
      const archive = await archiveOf([config, model]);
      await writeFile(archive, change(await readFile(archive)));
      await expect(library.models.import(archive)).rejects.toMatchObject({ kind });
      expect(await readdir(library.modelsPath)).toEqual([]);
    };
    await mkdir(library.modelsPath, { recursive: true });
    await importing((data) => (data.write('WEIGHTS', data.indexOf('weights\0')), data), 'model.corrupt');
    await importing((data) => data.subarray(0, 700), 'model.corrupt');
    await importing((data) => data.subarray(0, 2 * blockSize), 'model.corrupt');
    await importing(() => Buffer.alloc(3 * blockSize, 'x'), 'model.corrupt');
    await importing(() => Buffer.alloc(2 * blockSize), 'model.unsupported');
    const unlisted = await archiveOf([config, model], { files: [] });
    await expect(library.models.import(unlisted)).rejects.toMatchObject({ kind: 'model.corrupt' });
    free = 10;
    await importing((data) => data, 'download.diskFull');
    await writeFile(at('model.zip'), 'PK');
    await expect(library.models.import(at('model.zip'))).rejects.toMatchObject({ kind: 'model.unsupported' });
  });

  it('does not go through a link to another place, nor over another version', async () => {
    const outside = at('outside');
    await mkdir(outside);
    await mkdir(library.modelsPath, { recursive: true });
    await symlink(outside, path.join(library.modelsPath, 'org'));
    await expect(library.models.import(await archiveOf([config, model]))).rejects.toMatchObject({
      kind: 'download.unsafePath',
    });
    expect(await readdir(outside)).toEqual([]);
    await rm(path.join(library.modelsPath, 'org'));
    const there = await installed();
    await expect(library.models.import(await archiveOf([config, model]))).rejects.toMatchObject({
      kind: 'download.writeFailed',
    });
    expect((await readFile(path.join(there.path, 'model.safetensors'))).equals(weights)).toBe(true);
  });

  it('with bookkeeping that lies about a file loses that bookkeeping', async () => {
    const lie = `${'a'.repeat(40)}\n${'b'.repeat(64)}\n99999999999\n`;
    const honest = createHash('sha256').update(model.content).digest('hex');
    const archive = await archiveOf([config, model], {});
    const sink = await archiveSink(at('lying.tar'), 'voice');
    for await (const entry of readTar(archive)) {
      const pieces: Buffer[] = [];
      await entry.read((piece) => void pieces.push(piece));
      const data = Buffer.concat(pieces);
      await sink.add(entry.name.slice('voice/'.length), data.length, (write) => write(data));
    }
    const add = (name: string, text: string): Promise<void> =>
      sink.add(`.cache/huggingface/download/${name}.metadata`, text.length, (write) =>
        write(Buffer.from(text)),
      );
    await add('config.json', lie);
    await add('model.safetensors', `${'a'.repeat(40)}\n${honest}\n1\n`);
    await sink.finish();
    await sink.close();
    library.disconnect();
    const back = await library.models.import(at('lying.tar'));
    const kept = await readdir(path.join(back.path, '.cache', 'huggingface', 'download'));
    expect(kept).toEqual(['model.safetensors.metadata']);
    expect((await stat(back.path)).isDirectory()).toBe(true);
  });
});
