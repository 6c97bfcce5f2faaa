/** Numbers that were typed or pasted, as the input of a bare model. */
import { MlError } from '../../../ml/errors';
import { shapeWords, type TensorSpec } from '../../../ml/bare/bareModel';
import { checkInput, fits, type TensorInput } from '../../../ml/bare/inputs';
import { seededRandom } from '../../../ml/generation/random';

const invalid = (message: string): MlError => new MlError('input.invalid', message);

/** `{shape, data}`, nested lists, or numbers between commas, spaces and line ends. Throws `input.invalid`. */
export function numbersFromText(text: string, spec: TensorSpec): TensorInput {
  const plain = latinDigits(text.trim());
  if (plain === '') throw invalid(`"${spec.name}" has no numbers yet.`);
  const { shape, data } = /^[[{]/.test(plain)
    ? fromJson(plain, spec)
    : { shape: undefined, data: fromCsv(plain, spec) };
  if (shape !== undefined && fits(spec.shape, shape)) return checkInput(spec, { shape, data });
  return checkInput(spec, { shape: shapeFor(spec, data.length), data });
}

function fromJson(text: string, spec: TensorSpec): { shape: number[] | undefined; data: number[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new MlError('input.invalid', `"${spec.name}" is not valid JSON.`, { cause });
  }
  if (!Array.isArray(value)) {
    const { shape, data } = checkInput(spec, value);
    return { shape: [...shape], data: [...data] };
  }
  const data = value.flat(Infinity).map(Number);
  if (data.some(Number.isNaN)) throw invalid(`"${spec.name}" holds something that is no number.`);
  return { shape: nesting(value), data };
}

/** Undefined for lists of different lengths. */
function nesting(value: readonly unknown[]): number[] | undefined {
  const shape: number[] = [];
  for (let level: unknown = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  const same = (level: unknown, depth: number): boolean =>
    depth === shape.length
      ? !Array.isArray(level)
      : Array.isArray(level) && level.length === shape[depth] && level.every((one) => same(one, depth + 1));
  return same(value, 0) ? shape : undefined;
}

function fromCsv(text: string, spec: TensorSpec): number[] {
  return text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map((part) => {
      const value = Number(part);
      if (Number.isNaN(value)) throw invalid(`"${spec.name}": "${part.slice(0, 40)}" is no number.`);
      return value;
    });
}

function latinDigits(text: string): string {
  return text
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replaceAll('٫', '.')
    .replaceAll('،', ',');
}

/** What any length goes for takes what is left, the first of such; the others are 1. */
function shapeFor({ name, shape }: TensorSpec, count: number): number[] {
  if (shape === undefined) return [count];
  const open = shape.indexOf(null);
  const others = shape.reduce<number>((product, length) => product * (length ?? 1), 1);
  const rest = open === -1 || others === 0 ? 1 : count / others;
  if (Number.isInteger(rest) && others * rest === count) {
    return shape.map((length, i) => length ?? (i === open ? rest : 1));
  }
  throw invalid(`"${name}" takes ${shapeWords(shape)}: ${count} numbers do not fill it.`);
}

/** Zeros, or numbers between 0 and 1 that are the same each time; 1 where any length goes. */
export function filled({ shape = [1], dtype }: TensorSpec, fill: 'zeros' | 'random'): TensorInput {
  const concrete = shape.map((length) => length ?? 1);
  const size = concrete.reduce((product, length) => product * length, 1);
  const random = seededRandom(1);
  const whole = dtype === 'int32' || dtype === 'bool';
  const next = (): number => (fill === 'zeros' ? 0 : whole ? Math.round(random()) : random());
  return { shape: concrete, data: Float32Array.from({ length: size }, next) };
}
