import { types, type PGliteOptions } from '@electric-sql/pglite';

/** PostgreSQL's numbers of the array types that parameters and results have, with those of their elements. */
const elements: Readonly<Record<number, number>> = {
  1000: types.BOOL,
  1005: types.INT2,
  1007: types.INT4,
  1009: types.TEXT,
  1015: types.VARCHAR,
  1016: types.INT8,
  1021: types.FLOAT4,
  1022: types.FLOAT8,
  1185: types.TIMESTAMPTZ,
  2951: types.UUID,
  3807: types.JSONB,
};

type Parsers = NonNullable<PGliteOptions['parsers']>;
type Serializers = NonNullable<PGliteOptions['serializers']>;

/**
 * What PGlite otherwise asks the catalogue for at every opening: a join that costs a third of the time to open, since
 * the engine has not compiled anything yet.
 */
export function arrayTypes(): { parsers: Parsers; serializers: Serializers } {
  const parsers: Parsers = {};
  const serializers: Serializers = {};
  for (const [array, element] of Object.entries(elements).map(
    ([key, value]) => [Number(key), value] as const,
  )) {
    const parse = types.parsers[element] ?? ((text: string) => text);
    const serialize = types.serializers[element];
    parsers[array] = (text) => types.arrayParser(text, parse, array) as unknown;
    serializers[array] = (value: unknown) => types.arraySerializer(value, serialize, array);
  }
  return { parsers, serializers };
}
