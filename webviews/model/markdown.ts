/**
 * A model's card as a tree of harmless nodes. Cards are written by strangers: nothing of them is ever parsed as HTML by
 * the browser. Markdown becomes nodes of the few kinds below; what HTML a card holds is reduced to its text. Pure; loaded
 * when a card is shown.
 */
import MarkdownIt, { type Options } from 'markdown-it';

export interface CardElement {
  readonly tag: CardTag;
  readonly children: readonly CardNode[];
  /** `http:` or `https:`, for `a` only. */
  readonly href?: string;
  /** First number of an `ol`. */
  readonly start?: number;
}
export type CardNode = CardElement | string;

const tags = [
  ...(['p', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'blockquote', 'pre', 'code', 'hr', 'br'] as const),
  ...(['em', 'strong', 's', 'a', 'span', 'table', 'thead', 'tbody', 'tr', 'th', 'td'] as const),
] as const;
export type CardTag = (typeof tags)[number];

/** Nodes that a page shows without growing slow; a card that has more is cut. */
const mostNodes = 15_000;

// HTML is recognised so that it can be left out, not so that it can be used.
const parser = new MarkdownIt('default', {
  html: true,
  linkify: false,
  typographer: false,
  maxNesting: 40,
} as Options);
type Token = ReturnType<typeof parser.parse>[number];

export interface Card {
  readonly nodes: readonly CardNode[];
  /** Something was left out at the end. */
  readonly truncated: boolean;
}

/** `base`: the address that relative links are relative to. */
export function readCard(markdown: string, base: string): Card {
  const builder = new Builder(base);
  builder.add(parser.parse(markdown, {}));
  return { nodes: builder.root, truncated: builder.full };
}

type Open = { readonly tag: CardTag; readonly children: CardNode[]; href?: string; start?: number };

class Builder {
  readonly root: CardNode[] = [];
  full = false;
  private readonly open: Open[] = [];
  private count = 0;
  /** Inside `<script>` or `<style>` between two inline tags, whose text nobody wrote to be read. */
  private hiddenText = false;

  constructor(private readonly base: string) {}

  add(tokens: readonly Token[]): void {
    for (const token of tokens) {
      if (this.full) break;
      this.addToken(token);
    }
  }

  private addToken(token: Token): void {
    switch (token.type) {
      case 'inline':
        return this.add(token.children ?? []);
      case 'text':
      case 'text_special':
        return this.put(this.hiddenText ? '' : token.content);
      case 'softbreak':
        return this.put(' ');
      case 'hardbreak':
      case 'hr':
        return this.put({ tag: token.type === 'hr' ? 'hr' : 'br', children: [] });
      case 'code_inline':
        return this.put({ tag: 'code', children: [token.content] });
      case 'fence':
      case 'code_block':
        return this.put({ tag: 'pre', children: [{ tag: 'code', children: [token.content] }] });
      case 'html_block':
        return this.put({ tag: 'p', children: [textOfHtml(token.content)] });
      case 'html_inline':
        this.hiddenText = /^<(script|style)\b/i.test(token.content);
        return this.put(/^<br\s*\/?>$/i.test(token.content) ? { tag: 'br', children: [] } : '');
      case 'image':
        return this.putImage(token);
      default:
        return this.addBranch(token);
    }
  }

  private addBranch(token: Token): void {
    if (token.hidden) return;
    if (token.nesting === -1) {
      const closed = this.open.pop();
      if (closed !== undefined) this.put(closed);
      return;
    }
    const tag = tagOf(token.tag);
    const href = tag === 'a' ? safeAddress(token.attrGet('href'), this.base) : undefined;
    const start = tag === 'ol' ? Number(token.attrGet('start') ?? 1) : 1;
    this.open.push({
      tag: tag === 'a' && href === undefined ? 'span' : tag,
      children: [],
      ...(href === undefined ? {} : { href }),
      ...(start === 1 ? {} : { start }),
    });
  }

  /** Images are not loaded, which would tell a stranger's server who reads: the words for one lead to it. */
  private putImage(token: Token): void {
    const words = token.content.trim();
    const href = safeAddress(token.attrGet('src'), this.base);
    const inLink = this.open.some(({ tag }) => tag === 'a');
    if (inLink || href === undefined) return this.put(words);
    this.put({ tag: 'a', href, children: [words === '' ? (href.split('/').at(-1) ?? href) : words] });
  }

  private put(node: CardNode): void {
    if (node === '' || (typeof node !== 'string' && node.tag === 'p' && node.children.every((c) => c === '')))
      return;
    this.count += 1;
    if (this.count > mostNodes) {
      this.full = true;
      // What is open is shown as far as it came.
      for (let inner = this.open.pop(); inner !== undefined; inner = this.open.pop())
        (this.open.at(-1)?.children ?? this.root).push(inner);
      return;
    }
    (this.open.at(-1)?.children ?? this.root).push(node);
  }
}

/** The page itself has h1 and h2. */
function tagOf(tag: string): CardTag {
  const heading = /^h([1-6])$/.exec(tag)?.[1];
  if (heading !== undefined) return `h${Math.min(6, Number(heading) + 2)}` as CardTag;
  return tags.find((known) => known === tag) ?? 'span';
}

/** An address on the web; undefined for every other scheme, and for places within the card. */
export function safeAddress(href: string | null, base: string): string | undefined {
  if (href === null || href.startsWith('#') || href.length > 2000 || !URL.canParse(href, base))
    return undefined;
  const url = new URL(href, base);
  const web = url.protocol === 'https:' || url.protocol === 'http:';
  // A password in an address is there to deceive.
  return web && url.username === '' && url.password === '' ? url.href : undefined;
}

const entities: Readonly<Record<string, string>> = {
  nbsp: ' ',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

function textOfHtml(html: string): string {
  return html
    .replaceAll(/<!--[\s\S]*?(-->|$)/g, ' ')
    .replaceAll(/<(script|style|svg|template)\b[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
    .replaceAll(/<[^<>]*>?/g, ' ')
    .replaceAll(/&(\w+);/g, (entity, name: string) => entities[name] ?? entity)
    .replaceAll(/\s+/g, ' ')
    .trim();
}
