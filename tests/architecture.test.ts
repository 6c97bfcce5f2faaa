/** The invariants of docs/architecture.md, held by the source itself. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const folders = ['protocol', 'ml', 'backend', 'extension', 'webviews'] as const;

interface SourceFile {
  /** Relative to the checkout, with forward slashes. */
  readonly file: string;
  readonly text: string;
  readonly imports: readonly string[];
}

function sources(): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !name.endsWith('.d.ts'))
      .map((name) => {
        const file = `${folder}/${name.split(path.sep).join('/')}`;
        const text = readFileSync(path.join(root, file), 'utf8');
        const specifiers = [
          ...text.matchAll(/(?:^|\n)\s*(?:import|export)\s[^;'"]*?from\s*'([^']+)'/g),
          ...text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g),
          ...text.matchAll(/(?:^|\n)\s*import\s*'([^']+)'/g),
        ].map((match) => match[1] ?? '');
        return { file, text, imports: specifiers.map((specifier) => resolve(file, specifier)) };
      }),
  );
}

/** A relative import as a path of the checkout; a package as it is written. */
function resolve(file: string, specifier: string): string {
  return specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : specifier;
}

const all = sources();
const within = (...prefixes: string[]): SourceFile[] =>
  all.filter(({ file }) => prefixes.some((prefix) => file.startsWith(prefix)));
const slips = (files: SourceFile[], bad: (specifier: string, file: string) => boolean): string[] =>
  files.flatMap(({ file, imports }) =>
    imports.filter((specifier) => bad(specifier, file)).map((specifier) => `${file} → ${specifier}`),
  );
const codeLines = (text: string): number =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;

describe('architecture', () => {
  it('reads the source it speaks of', () => {
    for (const folder of folders) expect(within(`${folder}/`).length, folder).toBeGreaterThan(3);
  });

  it('keeps protocol/ and ml/ pure', () => {
    expect(slips(within('protocol/', 'ml/'), (s) => s === 'vscode' || s.startsWith('node:'))).toEqual([]);
    expect(slips(within('protocol/'), (s) => s.startsWith('ml/'))).toEqual([]);
    expect(slips(within('protocol/', 'ml/'), (s) => /^(backend|extension|webviews)\//.test(s))).toEqual([]);
  });

  it('keeps the three programs apart', () => {
    expect(slips(within('backend/'), (s) => s === 'vscode' || /^(extension|webviews)\//.test(s))).toEqual([]);
    expect(slips(within('extension/'), (s) => /^(backend|webviews|ml)\//.test(s))).toEqual([]);
    expect(slips(within('webviews/'), (s) => s === 'vscode' || /^(backend|extension)\//.test(s))).toEqual([]);
    expect(slips(within('extension/'), (s) => s.startsWith('@tensorflow/'))).toEqual([]);
  });

  it('writes SQL in stores/ and database/ only', () => {
    const statement = /\b(select\s+[\w*,\s.()]+\s+from|insert\s+into|update\s+\w+\s+set|delete\s+from)\s/i;
    const offenders = within('backend/')
      .filter(({ file }) => !/^backend\/(stores|database)\//.test(file))
      .filter(({ text }) => statement.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')));
    expect(offenders.map(({ file }) => file)).toEqual([]);
  });

  it('opens databases, hubs and connections each in one place', () => {
    const outside = (folder: string): SourceFile[] => all.filter(({ file }) => !file.startsWith(folder));
    expect(slips(outside('backend/database/'), (s) => s === 'pg' || s.startsWith('@electric-sql/'))).toEqual(
      [],
    );
    expect(slips(outside('backend/hub/'), (s) => s === 'undici' || s.startsWith('@huggingface/hub'))).toEqual(
      [],
    );
    const connectionOwners =
      /^(protocol\/wire\/peer|backend\/rpc\/|backend\/main|extension\/(client|backendProcess))/;
    expect(
      slips(
        all.filter(({ file }) => !connectionOwners.test(file)),
        (s) => s.startsWith('vscode-jsonrpc'),
      ),
    ).toEqual([]);
  });

  it('loads no tensors in the main process', () => {
    const reachable = new Set<string>();
    const visit = (file: string): void => {
      if (reachable.has(file)) return;
      const source = all.find((candidate) => candidate.file === `${file}.ts`);
      if (source === undefined) return;
      reachable.add(file);
      for (const specifier of staticImports(source)) visit(specifier);
    };
    visit('backend/main');
    for (const { file } of within('backend/plugins/')) {
      if (/\/(index|config|data)\.ts$/.test(file)) visit(file.replace(/\.ts$/, ''));
    }
    for (const { file } of within('backend/runtimes/'))
      if (file.endsWith('/index.ts')) visit(file.slice(0, -3));
    expect(reachable.size).toBeGreaterThan(30);
    const tensors = [...reachable].filter((file) =>
      staticImports(all.find((s) => s.file === `${file}.ts`) as SourceFile).some((s) =>
        s.startsWith('@tensorflow/'),
      ),
    );
    expect(tensors).toEqual([]);
  });

  it('lets a plugin or a runtime import the sdk, ml/, the protocol and libraries only', () => {
    expect(
      slips(within('backend/plugins/', 'backend/runtimes/'), (s, file) => {
        const own = file.split('/').slice(0, 3).join('/');
        return s.startsWith('backend/') && !s.startsWith('backend/sdk/') && !s.startsWith(`${own}/`);
      }),
    ).toEqual([]);
  });

  it('keeps files small', () => {
    const long = all.filter(({ text }) => codeLines(text) > 400).map(({ file }) => file);
    expect(long).toEqual([]);
    const sizes = all.map(({ text }) => codeLines(text)).sort((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(110);
    expect(sizes[Math.floor(sizes.length * 0.9)]).toBeLessThanOrEqual(280);
  });

  it('has no `any`, no enums, no default exports, no barrels, and nothing left to do', () => {
    const offenders: string[] = [];
    for (const { file, text } of all) {
      const code = text.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '');
      if (/(:|<|as)\s*any\b/.test(code)) offenders.push(`${file}: any`);
      if (/^\s*(export\s+)?(const\s+)?enum\s/m.test(code)) offenders.push(`${file}: enum`);
      if (/^export default/m.test(code) && !/^backend\/(plugins|runtimes)\/[^/]+\/index\.ts$/.test(file)) {
        offenders.push(`${file}: default export`);
      }
      if (/^export \* from/m.test(code)) offenders.push(`${file}: barrel`);
      if (/\b(TODO|FIXME|XXX)\b/.test(text)) offenders.push(`${file}: unfinished`);
    }
    expect(offenders).toEqual([]);
  });
});

/** Value imports that run at load time: not `import type`, not `import()`. */
function staticImports({ file, text }: SourceFile): string[] {
  return [...text.matchAll(/(?:^|\n)\s*(?:import|export)\s+(?!type\b)[^;'"]*?from\s*'([^']+)'/g)].map(
    (match) => resolve(file, match[1] ?? ''),
  );
}
