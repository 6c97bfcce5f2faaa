/** Prints one step of a script, so that a person sees what is being done to the machine. */
export function say(text) {
  process.stdout.write(`• ${text}\n`);
}

/** 1536 → "1.5 kB"; decimal units, one decimal. */
export function bytesText(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? String(value) : value.toFixed(1)} ${units[unit]}`;
}

/** 83_400 → "1 min 23 s"; 950 → "0.9 s". */
export function durationText(ms) {
  const seconds = ms / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
