/**
 * The pattern that byte-level BPE cuts text by, with white space as the reference means it: Unicode's, which has U+0085
 * and not U+FEFF. JavaScript's `\s` is the other way round on both.
 */
const space = String.raw`[[\s\u0085]--\ufeff]`;
const pattern = [
  ...["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"],
  String.raw` ?\p{L}+`,
  String.raw` ?\p{N}+`,
  String.raw` ?[^${space}\p{L}\p{N}]+`,
  `${space}+(?![^${space}])`,
  `${space}+`,
].join('|');
/** As the library writes it. */
const written = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/** Puts it in place of the library's in a pre-tokenizer and in those it is made of. */
export function mendByteLevel(preTokenizer: unknown): void {
  if (Array.isArray(preTokenizer)) {
    preTokenizer.forEach(mendByteLevel);
    return;
  }
  // The library's pre-tokenizers are functions with fields.
  if ((typeof preTokenizer !== 'object' && typeof preTokenizer !== 'function') || preTokenizer === null)
    return;
  const parts = preTokenizer as { pattern?: unknown; tokenizers?: unknown };
  if (parts.pattern instanceof RegExp && parts.pattern.source === written) {
    parts.pattern = new RegExp(pattern, 'gv');
  }
  mendByteLevel(parts.tokenizers);
}
