import { rule } from './rule';

/** No-break, thin, ideographic and other spaces become the plain one; runs become one; lines lose their margins. */
export const spaces = rule(
  { find: '\\r\\n?|[\\v\\f\\u0085\\u2028\\u2029]', to: '\n' },
  { find: '[\\t\\u00A0\\u1680\\u2000-\\u200A\\u202F\\u205F\\u3000]', to: ' ' },
  { find: ' {2,}', to: ' ' },
  { find: ' ?\\n[ \\n]*', to: '\n' },
  { find: '^[ \\n]+|[ \\n]+$', to: '' },
);
