/** The value after `--name`, as text; undefined when it is not given. */
export function option(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

/** The words that are neither options nor their values. */
export function words() {
  const given = process.argv.slice(2);
  return given.filter((word, index) => !word.startsWith('--') && !given[index - 1]?.startsWith('--'));
}
