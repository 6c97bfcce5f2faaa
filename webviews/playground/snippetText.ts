/** The part of a text snippet that turns a text into the model's ids; reads the constants `steps` and `preprocessing`. */
export const textFunctions = `
/** What looks the same becomes the same: the rules that the training data went through. */
function normalize(text) {
  const pass = (value) =>
    steps.reduce((now, { find, to, form }) => {
      if (find === undefined) return now.normalize(form);
      const pattern = new RegExp(find, 'gu');
      return to === undefined ? now.replace(pattern, (match) => match.normalize(form)) : now.replace(pattern, to);
    }, value);
  for (let i = 0; i < 16 && pass(text) !== text; i++) text = pass(text);
  return preprocessing.lowerCase ? text.toLowerCase() : text;
}

/** Ids of the longest known tokens from left to right: 0 padding, 1 unknown, 2 start, 3 end. */
function tokenIds(text) {
  const { tokens, length } = preprocessing;
  const known = new Map(tokens.map((token, id) => [token, id]).slice(4).reverse());
  const longest = Math.max(...tokens.map((token) => [...token].length));
  const characters = [...text];
  const ids = [2];
  for (let at = 0; at < characters.length && ids.length < length - 1; ) {
    let size = Math.min(longest, characters.length - at);
    while (size > 1 && !known.has(characters.slice(at, at + size).join(''))) size--;
    ids.push(known.get(characters.slice(at, at + size).join('')) ?? 1);
    at += size;
  }
  return [...ids, 3, ...new Array(length).fill(0)].slice(0, length);
}

/** Ids of the n-grams of characters, hashed with FNV-1a. */
function ngramIds(text) {
  const { buckets, longest, joined, gaps, count } = preprocessing.ngrams;
  const cut = [...text].slice(0, count).join('');
  const found = new Set();
  for (const marked of ['^' + cut + '$', ...(joined ? ['_' + cut.replace(/[ \\n\\u200C]/g, '') + '_'] : [])]) {
    const characters = [...marked];
    const piece = (at, size) => characters.slice(at, at + size).join('');
    for (let size = 1; size <= longest; size++)
      for (let i = 0; i + size <= characters.length; i++) found.add(piece(i, size));
    for (let i = 0; gaps && i + 2 < characters.length; i++) found.add(piece(i, 1) + '*' + piece(i + 2, 1));
    for (let i = 0; gaps && i + 3 < characters.length; i++)
      found.add(piece(i, 1) + '*' + piece(i + 2, 2)).add(piece(i, 2) + '*' + piece(i + 3, 1));
  }
  const hash = (gram) => {
    let h = 0x811c9dc5;
    for (let i = 0; i < gram.length; i++) h = Math.imul(h ^ gram.charCodeAt(i), 0x01000193) >>> 0;
    return h;
  };
  const ids = [...new Set([...found].map((gram) => 1 + (hash(gram) % (buckets - 1))))];
  return [...ids, ...new Array(count).fill(0)].slice(0, count);
}`;

export const textBody = `
const prepared = normalize(text);
const ids = [...tokenIds(prepared), ...(preprocessing.ngrams ? ngramIds(prepared) : [])];
const scores = await model.predict(tf.tensor([ids])).data();`;
