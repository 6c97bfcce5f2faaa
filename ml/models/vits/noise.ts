/** Normal numbers of mean 0, by Box and Muller's method. */
export function normalNumbers(count: number, deviation: number, random: () => number): Float32Array {
  const numbers = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    // 1 − x, as the logarithm of 0 is none.
    const length = deviation * Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    numbers[i] = length * Math.cos(angle);
    if (i + 1 < count) numbers[i + 1] = length * Math.sin(angle);
  }
  return numbers;
}
