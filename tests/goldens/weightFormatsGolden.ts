/** One model in several containers, and tensors of every type: all containers must give the same. */
import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import { gpt2Config } from '../../ml/models/gpt2/config';
import { Gpt2 } from '../../ml/models/gpt2/model';
import { decodeHalf } from '../../ml/weights/elements';
import { openWeightFile } from '../../ml/weights/open';
import { compareArrays } from './compare';
import type { GoldenCase, GoldenFamily } from './goldenCase';
import type { NpyArray } from './npy';
import { expectedRefusal, refusalOf, type Refusal } from './refusal';
import { isWeightFile } from './weightFiles';

const loads = z.record(z.string(), z.string());

async function run(golden: GoldenCase): Promise<void> {
  const models = golden.given('files_to_load', loads) ?? {};
  const others = (await readdir(golden.path)).filter((name) => isWeightFile(name) && !(name in models));
  const refusals: Record<string, Refusal> = {};
  for (const file of [...Object.keys(models), ...others.sort()]) {
    try {
      const output = models[file];
      if (output === undefined) await zoo(golden, file);
      else keep(golden, `${output}.npy`, await logits(golden, file), file);
      if (expectedRefusal(golden.expected, file) !== undefined)
        golden.remark(`${file} was not refused`, true);
    } catch (error) {
      const refusal = refusalOf(error);
      refusals[file] = refusal;
      const asked = expectedRefusal(golden.expected, file);
      const failed = asked !== refusal.kind && asked !== 'any';
      golden.remark(`${file} refused, ${refusal.kind}: ${refusal.message}`, failed);
    }
  }
  if (Object.keys(refusals).length > 0) golden.putFigures('errors', refusals);
  if (golden.wants('f16_all_as_f32.npy')) {
    golden.put('f16_all_as_f32.npy', decodeHalf(Uint16Array.from({ length: 0x1_0000 }, (_, i) => i)));
  }
}

async function logits(golden: GoldenCase, file: string): Promise<NpyArray> {
  const model = await Gpt2.load(await openWeightFile(golden.folder, file), gpt2Config(golden.config));
  try {
    const output = model.forward(await golden.inputIds('input_ids.npy'));
    const result = { shape: [1, ...output.logits.shape], data: await output.logits.data<'float32'>() };
    output.hidden.dispose();
    output.logits.dispose();
    return result;
  } finally {
    model.dispose();
  }
}

/** Every tensor that is listed as `zoo/<name>.npy`, through a tensor of the engine and back. */
async function zoo(golden: GoldenCase, file: string): Promise<void> {
  const weights = await openWeightFile(golden.folder, file);
  for (const name of weights.names()) {
    const tensor = await weights.load(name);
    const listed = `zoo/${name}.npy`;
    const data = await tensor.data();
    if (golden.wants(listed)) {
      const values = data instanceof Float32Array ? data : Int32Array.from(data);
      keep(golden, listed, { shape: tensor.shape, data: values }, file);
    }
    tensor.dispose();
  }
}

/** The first container's result is written; the others' must agree with it. */
function keep(golden: GoldenCase, name: string, array: NpyArray, file: string): void {
  const first = golden.arrays.get(name);
  if (first === undefined) {
    golden.arrays.set(name, array);
    return;
  }
  const { passed, text } = compareArrays(array, first, golden.expected.files[name]?.atol ?? 0);
  golden.remark(`${name} from ${file} against the first file: ${text}`, !passed);
}

export const weightFormatsGolden: GoldenFamily = {
  name: 'weight_formats',
  matches: (golden) => 'files_to_load' in golden.expected || golden.wanted('zoo/').length > 0,
  run,
};
