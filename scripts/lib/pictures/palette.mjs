/** At most 256 colours that stand for a picture's: boxes of colours are cut where they vary most (Heckbert's median cut, by variance). */

/** → palette (24-bit colours) and indices into it, one a pixel. A picture of few colours keeps every one exactly. */
export function indexed(rgb, most = 256) {
  const counts = new Map();
  for (const colour of rgb) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const colours = [...counts].map(([colour, count]) => ({ parts: split(colour), count }));
  const boxes = [boxOf(colours)];
  while (boxes.length < Math.min(most, colours.length)) {
    const widest = boxes.reduce((best, box, i) => (box.error > boxes[best].error ? i : best), 0);
    boxes.splice(widest, 1, ...cut(boxes[widest]));
  }
  const palette = boxes.map(({ mean }) => mean.map(Math.round));
  const nearest = new Map([...counts.keys()].map((colour) => [colour, nearestOf(palette, split(colour))]));
  return {
    palette: palette.map(([r, g, b]) => (r << 16) | (g << 8) | b),
    indices: Uint8Array.from(rgb, (colour) => nearest.get(colour)),
  };
}

const split = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];

/** With the mean of its pixels, and per channel how far they are from it in all (squared). */
function boxOf(colours) {
  const pixels = colours.reduce((sum, { count }) => sum + count, 0);
  const mean = [0, 1, 2].map(
    (c) => colours.reduce((s, { parts, count }) => s + parts[c] * count, 0) / pixels,
  );
  const errors = [0, 1, 2].map((c) =>
    // The root keeps a background of a million pixels from taking every colour for itself.
    colours.reduce((sum, { parts, count }) => sum + Math.sqrt(count) * (parts[c] - mean[c]) ** 2, 0),
  );
  return { colours, mean, errors, error: colours.length < 2 ? 0 : Math.max(...errors) };
}

function cut({ colours, mean, errors }) {
  const channel = errors.indexOf(Math.max(...errors));
  const below = colours.filter(({ parts }) => parts[channel] <= mean[channel]);
  const above = colours.filter(({ parts }) => parts[channel] > mean[channel]);
  return [boxOf(below), boxOf(above)];
}

function nearestOf(palette, [r, g, b]) {
  let best = 0;
  let least = Infinity;
  for (const [i, [pr, pg, pb]] of palette.entries()) {
    const distance = (pr - r) ** 2 + (pg - g) ** 2 + (pb - b) ** 2;
    if (distance < least) [best, least] = [i, distance];
  }
  return best;
}
