/** Adam for one weight in one walk over its numbers: a dozen of tfjs's operations each walk over them anew. */
import {
  add,
  addVectors,
  constant,
  divideVectors,
  get,
  greater,
  load,
  loop,
  multiplyVectors,
  root,
  set,
  splat,
  store,
  subtract,
  subtractVectors,
  type Code,
  type WasmFunction,
} from './assembler';

/**
 * Changes the moments where they lie and writes the new weight to `to`; `count` is a multiple of four.
 * `rule` is the place of seven numbers: beta1, 1 − beta1, beta2, 1 − beta2, the scaled epsilon, the rate with its bias
 * correction, the share of the weight that is kept.
 */
export type Adam = (
  weight: number,
  m: number,
  v: number,
  gradient: number,
  rule: number,
  count: number,
  to: number,
) => void;

const [weight, m, v, gradient, rule, count, to] = [0, 1, 2, 3, 4, 5, 6] as const;
const firstFigure = 7;
export const figures = 7;
const [beta1, rest1, beta2, rest2, epsilon, factor, kept] = [7, 8, 9, 10, 11, 12, 13] as const;
const [g, mean, spread] = [14, 15, 16] as const;

const advance = (local: number): Code => set(local, add(get(local), constant(16)));
const scaled = (a: Code, by: number): Code => multiplyVectors(a, get(by));

export const adamFunction: WasmFunction = {
  name: 'adam',
  parameters: 7,
  locals: { i32: 0, v128: figures + 3 },
  body: [
    ...Array.from({ length: figures }, (_, i) =>
      set(firstFigure + i, splat(add(get(rule), constant(4 * i)))),
    ).flat(),
    ...loop(
      [
        set(g, load(get(gradient))),
        set(mean, addVectors(scaled(load(get(m)), beta1), scaled(get(g), rest1))),
        set(spread, addVectors(scaled(load(get(v)), beta2), scaled(multiplyVectors(get(g), get(g)), rest2))),
        store(get(m), 0, get(mean)),
        store(get(v), 0, get(spread)),
        store(
          get(to),
          0,
          subtractVectors(
            scaled(load(get(weight)), kept),
            scaled(divideVectors(get(mean), addVectors(root(get(spread)), get(epsilon))), factor),
          ),
        ),
        ...[weight, m, v, gradient, to].map(advance),
        set(count, subtract(get(count), constant(4))),
      ],
      greater(get(count), constant(0)),
    ),
  ],
};
