/** Text as PostgreSQL can store it. */

/**
 * NUL cannot be stored and half a surrogate pair is not text: both become U+FFFD, so that a message from a broken
 * server can still be recorded.
 */
export function cleanText(text: string): string {
  return text.replace(/\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD');
}

/** A JSONB parameter. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'string') return cleanText(part);
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    const entries = Object.entries(part);
    return entries.every(([key]) => key === cleanText(key))
      ? part
      : Object.fromEntries(entries.map(([key, inner]) => [cleanText(key), inner as unknown]));
  });
}

export function cleanParams(params: readonly unknown[]): unknown[] {
  return params.map((param) => {
    if (typeof param === 'string') return cleanText(param);
    if (Array.isArray(param)) return cleanParams(param);
    return param;
  });
}
