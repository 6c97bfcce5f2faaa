import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataOf, libraryOf } from './onnx/release.mjs';
import { readTgz } from './tar.mjs';

let folder;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'goya-tgz-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function member(name, content, type = '0', size = content.length) {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(size.toString(8).padStart(11, '0'), 124);
  header.write(type, 156);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
async function packed(...members) {
  const file = path.join(folder, 'a.tgz');
  await writeFile(file, gzipSync(Buffer.concat([...members, Buffer.alloc(1024)])));
  return file;
}

describe('a .tgz', () => {
  it('gives its plain files, whatever their lengths', async () => {
    const file = await packed(
      member('package/', Buffer.alloc(0), '5'),
      member('package/a.node', Buffer.alloc(513, 1)),
      member('package/b', Buffer.alloc(0)),
      member('package/c', Buffer.from('سلام')),
    );
    const files = await readTgz(file);
    expect(files.map(({ name, content }) => [name, content.length])).toEqual([
      ['package/a.node', 513],
      ['package/b', 0],
      ['package/c', 8],
    ]);
  });

  it('that is damaged is refused', async () => {
    await expect(readTgz(await packed(member('a', Buffer.alloc(10), '0', 9999999)))).rejects.toThrow(
      /damaged/,
    );
    await writeFile(path.join(folder, 'b.tgz'), 'no gzip');
    await expect(readTgz(path.join(folder, 'b.tgz'))).rejects.toThrow(/not a whole/);
  });
});

describe('what is kept of the packages', () => {
  it.each([
    ['package/sherpa-onnx.node', 'sherpa-onnx.node'],
    ['package/libonnxruntime.so', 'libonnxruntime.so'],
    ['package/libsherpa-onnx-c-api.dylib', 'libsherpa-onnx-c-api.dylib'],
    ['package/onnxruntime_providers_shared.dll', 'onnxruntime_providers_shared.dll'],
    ['package/index.js', undefined],
    ['package/../sherpa-onnx.node', undefined],
  ])('of %s: %s', (name, target) => expect(libraryOf(name)).toBe(target));

  it.each([
    ['espeakng_loader/espeak-ng-data/fa_dict', 'espeak-ng-data/fa_dict'],
    ['espeakng_loader/espeak-ng-data/voices/!v/Mr serious', 'espeak-ng-data/voices/!v/Mr serious'],
    ['espeakng_loader/espeak-ng-data/../../evil', undefined],
    ['espeakng_loader/espeak-ng.dll', undefined],
  ])('of %s: %s', (name, target) => expect(dataOf(name)).toBe(target));
});
