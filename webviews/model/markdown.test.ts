import { describe, expect, it } from 'vitest';
import { readCard, safeAddress, type CardNode } from './markdown';

const base = 'https://hub.example/org/model/blob/main/';
const nodesOf = (markdown: string): readonly CardNode[] => readCard(markdown, base).nodes;

/** Every tag, every address and all text of a card. */
function inventory(nodes: readonly CardNode[]) {
  const tags = new Set<string>();
  const hrefs: string[] = [];
  let text = '';
  const visit = (node: CardNode): void => {
    if (typeof node === 'string') {
      text += node;
      return;
    }
    tags.add(node.tag);
    if (node.href !== undefined) hrefs.push(node.href);
    node.children.forEach(visit);
  };
  nodes.forEach(visit);
  return { tags: [...tags], hrefs, text };
}

describe('a card', () => {
  it('becomes headings, lists, code, tables and links', () => {
    const { tags, hrefs, text } = inventory(
      nodesOf(
        '# Title\n\nSome **bold**, *em* and `code`.\n\n- a\n- b\n\n3. c\n\n> q\n\n```py\nx < 1\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[out](https://example.org/x) [in](docs/y.md)\n\n---\n',
      ),
    );
    for (const tag of [
      'h3',
      'p',
      'strong',
      'em',
      'code',
      'ul',
      'ol',
      'li',
      'blockquote',
      'pre',
      'table',
      'th',
      'td',
      'a',
      'hr',
    ])
      expect(tags).toContain(tag);
    expect(hrefs).toEqual(['https://example.org/x', 'https://hub.example/org/model/blob/main/docs/y.md']);
    expect(text).toContain('x < 1');
  });

  it('keeps Persian text as it is', () => {
    expect(nodesOf('سلام، این یک مدل است.\n')).toEqual([{ tag: 'p', children: ['سلام، این یک مدل است.'] }]);
  });

  it('starts a list where it starts', () => {
    expect(nodesOf('7. x\n')).toMatchObject([{ tag: 'ol', start: 7 }]);
  });

  it('leads to images, and loads none', () => {
    const { tags, hrefs, text } = inventory(
      nodesOf(
        '![wave](img/wave.png) [![badge](https://b.example/x.svg)](https://c.example/) ![](https://e.example/f.png)',
      ),
    );
    expect(tags).not.toContain('img');
    expect(hrefs).toEqual([`${base}img/wave.png`, 'https://c.example/', 'https://e.example/f.png']);
    expect(text).toContain('wave');
    expect(text).toContain('badge');
  });
});

describe('a hostile card', () => {
  const known = new Set([
    ...[
      'p',
      'h3',
      'h4',
      'h5',
      'h6',
      'ul',
      'ol',
      'li',
      'blockquote',
      'pre',
      'code',
      'hr',
      'br',
      'em',
      'strong',
    ],
    ...['s', 'a', 'span', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
  ]);
  it.each([
    '<script>alert(1)</script>',
    'a <script>alert(1)</script> b',
    '<img src=x onerror=alert(1)>',
    'x <img src=x onerror="alert(1)"> y',
    '<svg onload=alert(1)><script>alert(1)</script></svg>',
    '<iframe src="https://evil.example"></iframe>',
    '<style>body{display:none}</style>',
    '<div onclick="alert(1)">text</div>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](java\nscript:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](vbscript:x)',
    '[x](file:///etc/passwd)',
    '[x](command:workbench.action.quit)',
    '[x](vscode://file/etc/passwd)',
    '![x](javascript:alert(1))',
    '![x](data:image/svg+xml,<svg/>)',
    '<javascript:alert(1)>',
    '[x]: javascript:alert(1)\n\n[x]',
    '<a href="javascript:alert(1)">x</a>',
    '[x](https://user:password@evil.example/)',
    '<!-- <script>alert(1)</script> -->',
    '<scr<script>ipt>alert(1)</scr</script>ipt>',
    '<base href="https://evil.example/">',
    '<form action="https://evil.example"><input></form>',
  ])('%j leaves nothing that acts', (markdown) => {
    const { tags, hrefs } = inventory(nodesOf(markdown));
    expect(tags.filter((tag) => !known.has(tag))).toEqual([]);
    expect(hrefs).toEqual([]);
  });

  it('hides what stands in a script', () => {
    expect(inventory(nodesOf('<script>\nsteal()\n</script>\n\nafter')).text).toBe('after');
    expect(inventory(nodesOf('a <script>steal()</script> b')).text).not.toContain('steal');
  });

  it.each<[string, string]>([
    ['deep quotes', '>'.repeat(20_000)],
    ['deep lists', Array.from({ length: 400 }, (_, i) => `${' '.repeat(i * 2)}- x`).join('\n')],
    ['open brackets', '['.repeat(50_000)],
    ['stars', '*a '.repeat(40_000)],
    ['open tags', '<a'.repeat(50_000)],
    ['open comments', '<!--'.repeat(40_000)],
    ['backticks', '`'.repeat(199_000)],
    ['table', `|a|\n|-|\n${'|x|\n'.repeat(40_000)}`],
    ['entities', '&amp;'.repeat(39_000)],
  ])('of %s is read, and cut when it is too long', (_name, markdown) => {
    const { nodes } = readCard(markdown.slice(0, 200_000), base);
    let count = 0;
    const visit = (node: CardNode): void => {
      count += 1;
      if (typeof node !== 'string') node.children.forEach(visit);
    };
    nodes.forEach(visit);
    expect(count).toBeLessThan(40_000);
  });

  it('says that it was cut', () => {
    expect(readCard('a\n\n'.repeat(60_000), base).truncated).toBe(true);
    expect(readCard('a\n', base).truncated).toBe(false);
  });
});

it.each([
  ['https://a.example/b', 'https://a.example/b'],
  ['//a.example/b', 'https://a.example/b'],
  ['../c', 'https://hub.example/org/model/blob/c'],
  ['#part', undefined],
  ['javascript:1', undefined],
  [null, undefined],
])('%j leads to %j', (href, address) => {
  expect(safeAddress(href, base)).toBe(address);
});
