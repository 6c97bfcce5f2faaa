/**
 * Exponential moving average with the bias of its start taken out (as Adam does with its moments), so that the first
 * points are not drawn towards zero. `weight` 0..1: 0 changes nothing. Values that are no numbers are passed over.
 */
export function smooth(values: readonly number[], weight: number): number[] {
  if (weight <= 0) return [...values];
  let average = 0;
  let bias = 1;
  return values.map((value) => {
    if (!Number.isFinite(value)) return value;
    average = average * weight + value * (1 - weight);
    bias *= weight;
    return average / (1 - bias);
  });
}
