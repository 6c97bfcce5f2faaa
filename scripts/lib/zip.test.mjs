import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extractEntry, listZip } from './zip.mjs';

let folder;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'goya-zip-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A zip file of the given members, by the format's own description. */
function zip(members) {
  const locals = [];
  const centrals = [];
  let offset = 0;
  for (const { name, data, method } of members) {
    const packed = method === 8 ? deflateRawSync(data) : data;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(crc32 ? crc32(data) : 0, 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(data.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    centrals.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, rest, Buffer.from(name)]),
    );
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, Buffer.from('PK\x05\x06', 'latin1'), end]);
}

describe('zip', () => {
  it('reads stored, deflated and empty members', async () => {
    const members = [
      { name: 'a/stored.txt', data: Buffer.from('as it is'), method: 0 },
      { name: 'b.txt', data: Buffer.from('گویا '.repeat(5000)), method: 8 },
      { name: 'empty', data: Buffer.alloc(0), method: 0 },
    ];
    const file = path.join(folder, 'x.zip');
    await writeFile(file, zip(members));
    const entries = await listZip(file);
    expect(entries.map((entry) => entry.name)).toEqual(members.map((member) => member.name));
    for (const [i, entry] of entries.entries()) {
      const target = path.join(folder, 'out', String(i));
      await extractEntry(file, entry, target);
      expect(await readFile(target)).toEqual(members[i].data);
    }
  });

  it('refuses what is not a zip file', async () => {
    const file = path.join(folder, 'y.zip');
    await writeFile(file, 'no archive at all, only words');
    await expect(listZip(file)).rejects.toThrow('is not a zip file');
  });

  it('refuses a file cut short', async () => {
    const file = path.join(folder, 'z.zip');
    const whole = zip([{ name: 'a', data: Buffer.from('hello'), method: 0 }]);
    await writeFile(file, whole.subarray(0, whole.length - 10));
    await expect(listZip(file)).rejects.toThrow('cut short');
  });
});
