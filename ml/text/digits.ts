import { rule, type Rule } from './rule';

const zeros = { latin: 0x30, arabic: 0x660, persian: 0x6f0 } as const;

/** Each digit of the other two scripts becomes the same digit of this one. */
function digitsTo(target: number): Rule {
  const others = Object.values(zeros).filter((zero) => zero !== target);
  return rule(
    ...Array.from({ length: 10 }, (_, value) => ({
      find: `[${others.map((zero) => String.fromCodePoint(zero + value)).join('')}]`,
      to: String.fromCodePoint(target + value),
    })),
  );
}

export const persianDigits = digitsTo(zeros.persian);
export const latinDigits = digitsTo(zeros.latin);
