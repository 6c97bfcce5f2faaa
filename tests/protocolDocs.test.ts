import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { apiExports, backendSpecs, protocolReference } from './protocolReference';

const page = path.resolve(import.meta.dirname, '../docs/protocol.md');
const mark = '<!-- generated from protocol/: run `npm run docs` to renew what follows -->\n';
const bind = readFileSync(path.resolve(import.meta.dirname, '../backend/rpc/bind.ts'), 'utf8');
const session = readFileSync(path.resolve(import.meta.dirname, '../backend/rpc/session.ts'), 'utf8');

describe('docs/protocol.md', () => {
  it('says exactly what the code says', async () => {
    const reference = await protocolReference();
    const text = readFileSync(page, 'utf8').replaceAll('\r\n', '\n');
    const [prose, generated] = text.split(mark);
    if (process.env['GOYA_UPDATE_DOCS'] === '1') writeFileSync(page, `${prose ?? ''}${mark}\n${reference}`);
    else expect(generated?.trim()).toBe(reference.trim());
  });

  it('declares nothing that is not answered', async () => {
    const names = new Map((await apiExports()).map(([name, value]) => [value, name]));
    for (const spec of await backendSpecs()) {
      const name = names.get(spec) ?? '';
      expect(bind.includes(name) || session.includes(name), `${spec.method} (${name}) is bound`).toBe(true);
    }
  });
});
