/** Between rows and entities: shared by the stores, which hold all the SQL there is. */
import type { Row } from '../database/database';

/** The person at this machine, made by the first migration. */
export const localUserId = '00000000-0000-4000-8000-000000000001';

/** Sets a row's claim to this backend, as the columns' defaults do for a new row. */
export const claimColumns = 'claimed_by = current_backend(), claimed_on = current_machine()';

/** PostgreSQL's code for a unique index that a row would break. */
const uniqueViolation = '23505';

export function isUniqueViolation(error: unknown, constraint: string): boolean {
  const { code, constraint: name } = error as { code?: unknown; constraint?: unknown };
  return code === uniqueViolation && name === constraint;
}

/** ISO 8601 in UTC with milliseconds. */
export function iso(value: unknown): string {
  return (value as Date).toISOString();
}

export function isoOrNull(value: unknown): string | null {
  return value === null ? null : iso(value);
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], null | undefined> };

/** Without its nulls: an absent field is absent in an entity, null in a row. */
export function withoutNulls<T extends Row>(row: T): Partial<Defined<T>> {
  return Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== null && value !== undefined),
  ) as Partial<Defined<T>>;
}

/** The `SET` list of an update, for the columns whose value is given; its parameters start at `$<first>`. */
export function assignments(
  columns: Readonly<Record<string, unknown>>,
  first: number,
): { sql: string; params: unknown[] } {
  const given = Object.entries(columns).filter(([, value]) => value !== undefined);
  return {
    sql: given.map(([column], index) => `${column} = $${first + index}`).join(', '),
    params: given.map(([, value]) => value),
  };
}

/** Nulls stay nulls, absent stays absent: for patches of JSONB columns. */
export function mapGiven<T, U>(value: T | null | undefined, map: (value: T) => U): U | null | undefined {
  return value === undefined || value === null ? (value as null | undefined) : map(value);
}
