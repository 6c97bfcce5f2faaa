/** ITU-T G.711: 8-bit logarithmic samples. Values are those of the 16-bit reference decoder divided by 32768. */

function mulawValue(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = (((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4);
  return ((bits & 0x80) !== 0 ? 0x84 - magnitude : magnitude - 0x84) / 32_768;
}

function alawValue(code: number): number {
  const bits = code ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  const mantissa = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? mantissa : (mantissa + 0x100) << (segment - 1);
  return ((bits & 0x80) !== 0 ? magnitude : -magnitude) / 32_768;
}

export const mulawTable = Float32Array.from({ length: 256 }, (_, code) => mulawValue(code));
export const alawTable = Float32Array.from({ length: 256 }, (_, code) => alawValue(code));

/** The µ-law byte nearest to a sample in -1..1. */
export function encodeMulaw(sample: number): number {
  const clipped = Math.max(-32_635, Math.min(32_635, Math.round(sample * 32_768)));
  const biased = Math.abs(clipped) + 0x84;
  const exponent = Math.max(0, 24 - Math.clz32(biased));
  const mantissa = (biased >> (exponent + 3)) & 0x0f;
  return ~((clipped < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}
