/** The names of a file that comes in ranges, from the name that its unbroken beginning would have. */
export function rangedPaths(partial: string): { path: string; journal: string } {
  const stem = partial.replace(/\.incomplete$/, '');
  // Not `.incomplete` alone: other clients would take its size for the bytes that are there.
  return { path: `${stem}.ranges.incomplete`, journal: `${stem}.ranges.journal` };
}
