/** Lays a matrix out as the product reads it: panels of eight columns, the last one filled up with zeros. */
import {
  add,
  choose,
  constant,
  get,
  greater,
  load,
  loadNumber,
  loop,
  set,
  store,
  storeNumber,
  subtract,
  when,
  zero,
  type Code,
  type WasmFunction,
} from './assembler';
import { tileColumns } from './product';

/** Places and steps are in bytes; there is at least one row and one column. */
export type Pack = (
  /** b[p, j] lies at `from + p · row + j · step`. */
  from: number,
  row: number,
  step: number,
  to: number,
  /** From one panel to the next. */
  panel: number,
  rows: number,
  columns: number,
) => void;

const [from, row, step, to, panel, rows, columns] = [0, 1, 2, 3, 4, 5, 6] as const;
const [left, at, source, target, wide, rest] = [7, 8, 9, 10, 11, 12] as const;
const panelRow = 4 * tileColumns;

const advance = (local: number, by: Code): Code => set(local, add(get(local), by));

/** Number by number. */
const slowRow: Code[] = [
  store(get(target), 0, zero),
  store(get(target), 16, zero),
  set(source, get(at)),
  set(rest, get(wide)),
  loop(
    [
      storeNumber(get(target), loadNumber(get(source))),
      advance(target, constant(4)),
      advance(source, get(step)),
      set(rest, subtract(get(rest), constant(1))),
    ],
    get(rest),
  ),
  advance(target, subtract(constant(panelRow), [...get(wide), ...constant(2), 0x74])),
];

const quickRow: Code[] = [
  store(get(target), 0, load(get(at))),
  store(get(target), 16, load(get(at), 16)),
  advance(target, constant(panelRow)),
];

const panelOf = (each: Code[]): Code =>
  loop([...each, advance(at, get(row)), set(left, subtract(get(left), constant(1)))], get(left));

/** Whole rows of eight that lie together are copied as vectors. */
const isQuick: Code = [
  ...greater(get(columns), constant(tileColumns - 1)),
  ...greater(constant(5), get(step)),
  0x71,
];

export const packFunction: WasmFunction = {
  name: 'pack',
  parameters: 7,
  locals: { i32: 6, v128: 0 },
  body: loop(
    [
      set(left, get(rows)),
      set(at, get(from)),
      set(target, get(to)),
      set(wide, choose(constant(tileColumns), get(columns), greater(get(columns), constant(tileColumns)))),
      when(isQuick, [panelOf(quickRow)], [panelOf(slowRow)]),
      ...Array.from({ length: tileColumns }, () => advance(from, get(step))),
      advance(to, get(panel)),
      set(columns, subtract(get(columns), constant(tileColumns))),
    ],
    greater(get(columns), constant(0)),
  ),
};
