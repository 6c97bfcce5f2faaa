/**
 * Shell patterns as the official client takes them (Python's `fnmatchcase`): `*` matches `/` too, `?` one character,
 * `[seq]` and `[!seq]` a set; case matters; a backslash is a separator; a pattern that ends in `/` means all below.
 */
export function matchesPattern(path: string, pattern: string): boolean {
  return toExpression(pattern).test(path.replaceAll('\\', '/'));
}

/** Kept when some pattern of `include` matches (or there is none) and none of `exclude` does. */
export function filterPaths<T extends { readonly path: string }>(
  files: readonly T[],
  include: readonly string[] | undefined,
  exclude: readonly string[] | undefined,
): T[] {
  const wanted = include?.map(toExpression) ?? [];
  const unwanted = exclude?.map(toExpression) ?? [];
  return files.filter(({ path }) => {
    const name = path.replaceAll('\\', '/');
    if (wanted.length > 0 && !wanted.some((expression) => expression.test(name))) return false;
    return !unwanted.some((expression) => expression.test(name));
  });
}

function toExpression(pattern: string): RegExp {
  const normal = pattern.replaceAll('\\', '/');
  const whole = normal.endsWith('/') ? `${normal}*` : normal;
  let source = '';
  for (let at = 0; at < whole.length; at += 1) {
    const character = whole.charAt(at);
    if (character === '*') {
      // A run of stars is one: `**/**/**` must not make the expression backtrack exponentially.
      while (whole[at + 1] === '*') at += 1;
      source += '.*';
    } else if (character === '?') {
      source += '.';
    } else if (character === '[') {
      const end = closingBracket(whole, at);
      if (end < 0) {
        source += '\\[';
      } else {
        source += toSet(whole.slice(at + 1, end));
        at = end;
      }
    } else {
      source += character.replace(/[.+^${}()|[\]\\]/g, '\\$&');
    }
  }
  return new RegExp(`^(?:${source})$`, 's');
}

/** A `]` right after `[` or `[!` belongs to the set. */
function closingBracket(pattern: string, open: number): number {
  let from = open + 1;
  if (pattern[from] === '!') from += 1;
  if (pattern[from] === ']') from += 1;
  return pattern.indexOf(']', from);
}

function toSet(inside: string): string {
  const negated = inside.startsWith('!');
  const members = (negated ? inside.slice(1) : inside).replace(/[\\\]^[]/g, '\\$&');
  return `[${negated ? '^' : ''}${dropEmptyRanges(members)}]`;
}

/** `[z-a]` matches nothing in Python and is a syntax error in JavaScript. */
function dropEmptyRanges(members: string): string {
  return members.replace(/([^\\])-(.)/g, (range, low: string, high: string) => (low <= high ? range : ''));
}
