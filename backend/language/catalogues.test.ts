/** Every sentence said in the source stands in the catalogue of its `say`, in Persian, with the same places. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { keyOf, type Persian } from './say';

const root = path.resolve(import.meta.dirname, '..');
const core = 'language/fa/catalogue';

/** The modules with a catalogue, without the ending: the backend's own, and each plugin's. */
const catalogues = [
  core,
  ...['plugins', 'runtimes']
    .flatMap((folder) => readdirSync(path.join(root, folder)).map((id) => `${folder}/${id}/words`))
    .filter((module) => existsSync(path.join(root, `${module}.ts`))),
];

async function catalogueOf(module: string): Promise<Persian> {
  const exported = (await import(path.join(root, `${module}.ts`))) as Readonly<Record<string, unknown>>;
  return (exported['catalogue'] ?? exported['persian']) as Persian;
}

interface Said {
  readonly catalogue: string;
  readonly key: string;
}

const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .map((name) => name.split(path.sep).join('/'))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));

/** The sentences of a file, each with the module that its `say` speaks from. */
function saidIn(file: string): Said[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  if (!text.includes('say`')) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  let from = 'language/say';
  const keys: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const named = node.importClause?.namedBindings;
      const says =
        named && ts.isNamedImports(named) && named.elements.some(({ name }) => name.text === 'say');
      if (says === true) from = path.posix.join(path.posix.dirname(file), node.moduleSpecifier.text);
    }
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'say') keys.push(keyOfTemplate(node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  const catalogue = /^(language|sdk)\/say$/.test(from) ? core : from;
  return keys.map((key) => ({ catalogue, key }));
}

function keyOfTemplate({ template }: ts.TaggedTemplateExpression): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return keyOf([template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)]);
}

const said = files.flatMap(saidIn);
const places = (text: string): string[] => [...new Set(text.match(/\{\d+\}/g) ?? [])].sort();

describe('the Persian of the backend', () => {
  it('reads the sentences it speaks of', () => {
    expect(said.length).toBeGreaterThan(150);
    expect(new Set(said.map(({ catalogue }) => catalogue)).size).toBeGreaterThan(3);
  });

  for (const module of catalogues) {
    const wanted = [...new Set(said.filter(({ catalogue }) => catalogue === module).map(({ key }) => key))];

    it(`has every sentence of ${module}, and no other, with the same places`, async () => {
      const persian = await catalogueOf(module);
      expect(wanted.filter((key) => persian[key] === undefined)).toEqual([]);
      expect(Object.keys(persian).filter((key) => !wanted.includes(key))).toEqual([]);
      for (const key of wanted) expect([key, places(persian[key] ?? '')]).toEqual([key, places(key)]);
    });

    it(`spells ${module} with Persian letters and digits`, async () => {
      for (const [key, text] of Object.entries(await catalogueOf(module))) {
        // Arabic yeh, kaf and digits, and spaces beside a half space.
        expect(text, key).not.toMatch(/[يك٠-٩]|\s\u200c|\u200c\s/);
        expect(text, key).not.toBe('');
      }
    });
  }

  it('knows the catalogue of every say', () => {
    expect(said.filter(({ catalogue }) => !catalogues.includes(catalogue))).toEqual([]);
  });
});
