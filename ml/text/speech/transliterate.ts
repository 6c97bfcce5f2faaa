/** Latin words that no list has, by their letters: the nearest that Persian spelling can say. Pure guesswork, said to be so. */

const patterns: readonly (readonly [RegExp, string])[] = [
  [/^kn/, 'ن'],
  [/^wr/, 'ر'],
  [/^ps(?=[aeiouy])/, 'س'],
  [/^x/, 'ز'],
  [/^(?:s)(?=[bcdfgklmnpqrtvwz])(?!h)/, 'اس'],
  [/^ee|^ea/, 'ای'],
  [/^oo|^ou/, 'او'],
  [/^a[iy]/, 'ای'],
  [/^au|^aw/, 'او'],
  [/^[ei](?!$)/, 'ای'],
  [/^[ou](?!$)/, 'او'],
  [/^aa?/, 'آ'],
  [/^tion$/, 'شن'],
  [/^sion$/, 'ژن'],
  [/^ture$/, 'چر'],
  [/^ing$/, 'ینگ'],
  [/^ght/, 'ت'],
  [/^sch/, 'ش'],
  [/^tch/, 'چ'],
  [/^sh/, 'ش'],
  [/^ch/, 'چ'],
  [/^kh/, 'خ'],
  [/^gh/, 'ق'],
  [/^zh/, 'ژ'],
  [/^ph/, 'ف'],
  [/^th/, 'ت'],
  [/^ck/, 'ک'],
  [/^qu/, 'کو'],
  [/^oo|^ou|^oe/, 'و'],
  [/^ee|^ea|^ie|^ei|^ai|^ay|^ey/, 'ی'],
  [/^au|^aw|^oa|^ow/, 'و'],
  [/^c(?=[eiy])/, 'س'],
  [/^([bcdfgklmnprstvz])\1/, ''],
  [/^e$/, ''],
];
/** How many of these stand for the start of a word only. */
const atStart = 12;

const single: Readonly<Record<string, string>> = {
  a: 'ا',
  b: 'ب',
  c: 'ک',
  d: 'د',
  e: '',
  f: 'ف',
  g: 'گ',
  h: 'ه',
  i: 'ی',
  j: 'ج',
  k: 'ک',
  l: 'ل',
  m: 'م',
  n: 'ن',
  o: 'و',
  p: 'پ',
  q: 'ک',
  r: 'ر',
  s: 'س',
  t: 'ت',
  u: 'و',
  v: 'و',
  w: 'و',
  x: 'کس',
  y: 'ی',
  z: 'ز',
};

/** `word` in lower case, ASCII letters only. */
export function transliterate(word: string): string {
  let said = '';
  for (let at = 0; at < word.length;) {
    // What decides looks no further than six letters ahead.
    const rest = word.slice(at, at + 6);
    const found = patterns.find(
      ([pattern], i) =>
        (at === 0 || i >= atStart) && pattern.test(rest) && !(at === 0 && pattern.source === '^e$'),
    );
    if (found === undefined) {
      said += single[rest.charAt(0)] ?? '';
      at += 1;
      continue;
    }
    const length = found[0].exec(rest)?.[0].length ?? 1;
    // A doubled letter is said once.
    said += found[1] === '' && length === 2 ? (single[rest.charAt(0)] ?? '') : found[1];
    at += length;
  }
  return said;
}
