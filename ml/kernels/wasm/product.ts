/**
 * The product of matrices that convolutions and dense layers are made of, written for WebAssembly's vectors. Its rows may
 * overlap and lie either way round, so that nothing is copied for a convolution or a transposition.
 */
import {
  add,
  addVectors,
  choose,
  constant,
  get,
  greater,
  load,
  loadNumber,
  loop,
  multiplyAdd,
  multiplyVectors,
  set,
  splat,
  store,
  storeNumber,
  subtract,
  times,
  when,
  type Code,
  type WasmFunction,
} from './assembler';

/** Rows and columns of the answer that are summed at once: as many vectors as processors have registers for. */
export const tileRows = 4;
export const tileColumns = 8;
export const tileBytes = 4 * tileRows * tileColumns;
const panelRow = 4 * tileColumns;

/** Places and steps are in bytes; `m`, `n` and `k` are each at least 1. */
export type Product = (
  /** a[i, p] lies at `a + i · aRow + p · aStep`. */
  a: number,
  aRow: number,
  aStep: number,
  /** b, packed: for each eight of its columns a panel of `k` rows of eight, `bPanel` apart. */
  b: number,
  bPanel: number,
  /** The answer [m, n]. */
  c: number,
  cRow: number,
  /** What a·b is added to [m, n]: the answer itself, or one row for all (`startRow` 0). */
  start: number,
  startRow: number,
  m: number,
  n: number,
  k: number,
  /** Room for `tileBytes`. */
  tile: number,
) => void;

const [a, aRow, aStep, b, bPanel, c, cRow, start, startRow, m, n, k, tile] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
] as const;
const parameters = 13;
/** Of the tile that is summed: its rows and columns, its places in a, in the answer and in what is added to. */
const [rows, columns, left, top, target, from] = [13, 14, 15, 16, 17, 18] as const;
/** Where the tile is read and written, which is beside the answer when it is narrower than its vectors. */
const [source, sourceRow, sink, sinkRow] = [19, 20, 21, 22] as const;
const [weight, rest, i, j, at, to] = [23, 24, 25, 26, 27, 28] as const;
/** A place in each row of a, and of what is read or written. */
const aAt = 29;
const place = aAt + tileRows;
/** Two vectors for each row. */
const sums = place + tileRows;
const [low, high, value] = [sums + 2 * tileRows, sums + 2 * tileRows + 1, sums + 2 * tileRows + 2] as const;

const each = (work: (row: number) => Code): Code[] => Array.from({ length: tileRows }, (_, row) => work(row));
const advance = (local: number, by: Code): Code => set(local, add(get(local), by));
const tileOf = (step: number): Code => times(get(step), constant(tileRows));

/** The places of the rows. Where there are no more, the last one stands again: it is summed twice and is the same. */
const rowPlaces = (first: number, begin: number, step: number): Code[] =>
  each((row) => {
    if (row === 0) return set(first, get(begin));
    const isThere = greater(get(rows), constant(row));
    return set(first + row, add(get(first + row - 1), choose(get(step), constant(0), isThere)));
  });

/** Number by number, for a tile that is narrower than its vectors. */
const copyTile = (begin: number, beginRow: Code, end: number, endRow: Code): Code[] => [
  set(i, get(rows)),
  set(at, get(begin)),
  set(to, get(end)),
  loop(
    [
      set(j, get(columns)),
      loop(
        [
          storeNumber(get(to), loadNumber(get(at))),
          advance(at, constant(4)),
          advance(to, constant(4)),
          set(j, subtract(get(j), constant(1))),
        ],
        get(j),
      ),
      advance(at, subtract(beginRow, times(get(columns), constant(4)))),
      advance(to, subtract(endRow, times(get(columns), constant(4)))),
      set(i, subtract(get(i), constant(1))),
    ],
    get(i),
  ),
];

const sumRow = (row: number, isFused: boolean): Code => {
  const gained = (sum: number, vector: number): Code =>
    isFused
      ? multiplyAdd(get(vector), get(value), get(sum))
      : addVectors(get(sum), multiplyVectors(get(vector), get(value)));
  const [first, second] = [sums + 2 * row, sums + 2 * row + 1];
  return [
    ...set(value, splat(get(aAt + row))),
    ...advance(aAt + row, get(aStep)),
    ...set(first, gained(first, low)),
    ...set(second, gained(second, high)),
  ];
};

function sumTile(isFused: boolean): Code[] {
  return [
    ...rowPlaces(place, source, sourceRow),
    ...each((row) => [
      ...set(sums + 2 * row, load(get(place + row))),
      ...set(sums + 2 * row + 1, load(get(place + row), 16)),
    ]),
    ...rowPlaces(aAt, top, aRow),
    set(weight, get(b)),
    set(rest, get(k)),
    loop(
      [
        set(low, load(get(weight))),
        set(high, load(get(weight), 16)),
        advance(weight, constant(panelRow)),
        ...each((row) => sumRow(row, isFused)),
        set(rest, subtract(get(rest), constant(1))),
      ],
      get(rest),
    ),
    ...rowPlaces(place, sink, sinkRow),
    ...each((row) => [
      ...store(get(place + row), 0, get(sums + 2 * row)),
      ...store(get(place + row), 16, get(sums + 2 * row + 1)),
    ]),
  ];
}

/** @param isFused with multiplication and addition in one instruction, which not every runtime has */
export function productFunction(isFused: boolean): WasmFunction {
  const isNarrow = greater(constant(tileColumns), get(columns));
  const either = (local: number, narrow: Code, wide: number): Code =>
    set(local, choose(narrow, get(wide), isNarrow));
  const block = [
    set(rows, choose(get(left), constant(tileRows), greater(constant(tileRows), get(left)))),
    when(isNarrow, copyTile(from, get(startRow), tile, constant(panelRow))),
    either(source, get(tile), from),
    either(sourceRow, constant(panelRow), startRow),
    either(sink, get(tile), target),
    either(sinkRow, constant(panelRow), cRow),
    ...sumTile(isFused),
    when(isNarrow, copyTile(tile, constant(panelRow), target, get(cRow))),
    advance(top, tileOf(aRow)),
    advance(target, tileOf(cRow)),
    advance(from, tileOf(startRow)),
    set(left, subtract(get(left), constant(tileRows))),
  ];
  const panel = [
    set(left, get(m)),
    set(top, get(a)),
    set(target, get(c)),
    set(from, get(start)),
    loop(block, greater(get(left), constant(0))),
    advance(b, get(bPanel)),
    advance(c, constant(panelRow)),
    advance(start, constant(panelRow)),
    set(columns, subtract(get(columns), constant(tileColumns))),
  ];
  const body = [...set(columns, get(n)), ...loop(panel, greater(get(columns), constant(0)))];
  const locals = { i32: sums - parameters, v128: 2 * tileRows + 3 };
  return { name: 'product', parameters, locals, body };
}
