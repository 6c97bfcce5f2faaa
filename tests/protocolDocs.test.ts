import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { backendSpecs, protocolReference } from './protocolReference';

const page = path.resolve(import.meta.dirname, '../docs/protocol.md');
const mark = '<!-- generated from protocol/: run `npm run docs` to renew what follows -->\n';
const bind = readFileSync(path.resolve(import.meta.dirname, '../backend/rpc/bind.ts'), 'utf8');
const session = readFileSync(path.resolve(import.meta.dirname, '../backend/rpc/session.ts'), 'utf8');

describe('docs/protocol.md', () => {
  it('says exactly what the code says', () => {
    const text = readFileSync(page, 'utf8').replaceAll('\r\n', '\n');
    const [prose, generated] = text.split(mark);
    if (process.env['GOYA_UPDATE_DOCS'] === '1')
      writeFileSync(page, `${prose ?? ''}${mark}\n${protocolReference()}`);
    else expect(generated?.trim()).toBe(protocolReference().trim());
  });

  it('declares nothing that is not answered', () => {
    const modules = import.meta.glob<Record<string, unknown>>('../protocol/api/*.ts', { eager: true });
    const names = new Map(
      Object.values(modules).flatMap((m) => Object.entries(m).map(([name, value]) => [value, name])),
    );
    for (const spec of backendSpecs()) {
      const name = names.get(spec) ?? '';
      expect(bind.includes(name) || session.includes(name), `${spec.method} (${name}) is bound`).toBe(true);
    }
  });
});
