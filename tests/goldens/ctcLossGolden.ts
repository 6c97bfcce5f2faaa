import { z } from 'zod';
import { ctcLoss } from '../../ml/ctc/ctcLoss';
import type { GoldenCase, GoldenFamily } from './goldenCase';

/** Folders of one call each: `<call>/logits.npy` and what belongs to it. */
function calls(golden: GoldenCase): string[] {
  return Object.keys(golden.expected.files)
    .filter((name) => name.endsWith('logits.npy') && golden.hasInput(name))
    .map((name) => name.slice(0, -'logits.npy'.length))
    .filter((prefix) => golden.hasInput(`${prefix}label_lengths.npy`));
}

/** Of the call, else of the whole case; 0 where neither says. */
function blankOf(golden: GoldenCase, prefix: string): number {
  const withBlank = z.looseObject({ blank: z.number().int().nonnegative().optional() });
  const cases = golden.given('cases', z.record(z.string(), withBlank)) ?? {};
  const whole = golden.expected['blank'];
  return cases[prefix.slice(0, -1)]?.blank ?? (typeof whole === 'number' ? whole : 0);
}

async function run(golden: GoldenCase): Promise<void> {
  for (const prefix of calls(golden)) {
    const logits = await golden.input(`${prefix}logits.npy`);
    const labels = await golden.input(`${prefix}labels.npy`);
    const labelLengths = await golden.inputIds(`${prefix}label_lengths.npy`);
    const [batch = 0, frames = 0, classes = 0] = logits.shape;
    const width = labels.shape[1] ?? 0;
    const targets = labelLengths.map((length, i) =>
      Array.from(labels.data.subarray(i * width, i * width + length)),
    );
    const { losses, gradient } = ctcLoss(
      Float32Array.from(logits.data),
      { batch, frames, classes },
      targets,
      {
        blank: blankOf(golden, prefix),
        frameLengths: await golden.inputIds(`${prefix}logit_lengths.npy`),
      },
    );
    golden.put(`${prefix}loss.npy`, Float32Array.from(losses));
    golden.put(
      `${prefix}loss_zero_infinity.npy`,
      Float32Array.from(losses, (loss) => (Number.isFinite(loss) ? loss : 0)),
    );
    golden.put(`${prefix}grad_logits_of_sum.npy`, gradient, logits.shape);
  }
}

export const ctcLossGolden: GoldenFamily = {
  name: 'ctc_loss',
  matches: (golden) => calls(golden).length > 0,
  run,
};
