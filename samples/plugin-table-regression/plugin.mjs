// @ts-check
// A training task for Goya in one file: learns an amount (a price, a duration) from the other columns of a CSV.
// Nothing is imported but Node's own modules: zod, tf.js and the helpers are handed in. Types: see tsconfig.json.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

/** @typedef {{ names: string[], inputs: number[][], targets: number[], problems: import('goya-sdk').ConfigProblem[] }} Table */

/** @type {import('goya-sdk').TrainingPlugin} */
const plugin = {
  apiVersion: 1,
  id: 'table-regression',
  create: (sdk) => {
    const { z } = sdk;
    return sdk.defineTask({
      title: 'Table regression',
      description: 'Learns an amount from the other columns of a table: prices, durations, temperatures.',
      data: z.strictObject({
        path: sdk.dataPath('A CSV or TSV file with one header line; every column holds numbers.'),
        target: z.string().min(1).describe('The column to learn.'),
        validation: sdk.validationShare(),
      }),
      model: z.strictObject({
        hidden: z
          .array(z.number().int().min(1).max(1024))
          .max(8)
          .default([32, 16])
          .describe('Units of each hidden layer.'),
      }),
      inspect: async ({ data, resolve }) =>
        (await readNumbers(sdk, resolve(data.path), data.target)).problems,
      prepare: async (context, kit) => {
        const { data, training, random } = context;
        const file = context.resolve(data.path);
        const table = await readNumbers(sdk, file, data.target);
        if (table.problems.length > 0) throw sdk.invalidData(table.problems);
        // One label for all: the split is then a plain random one.
        const split = sdk.stratifiedSplit(
          table.targets.map(() => 0),
          data.validation,
          random,
        );
        const columns = table.names.map((_, i) =>
          figures(split.training.map((row) => table.inputs[row]?.[i] ?? 0)),
        );
        const target = figures(split.training.map((row) => table.targets[row] ?? 0));
        return setup(kit, {
          sdk,
          table,
          columns,
          target,
          split,
          training,
          data,
          hidden: context.model.hidden,
          hash: await hashOf(file),
        });
      },
    });
  },
};
export default plugin;

/**
 * @param {import('goya-sdk').PluginSdk} sdk
 * @param {string} file
 * @param {string} target
 * @returns {Promise<Table>}
 */
async function readNumbers(sdk, file, target) {
  /** @type {Table} */
  const table = { names: [], inputs: [], targets: [], problems: [] };
  /** @type {readonly string[] | undefined} */
  let header;
  for await (const { line, cells } of sdk.readTable(file, { delimiter: await sdk.detectDelimiter(file) })) {
    if (header === undefined) {
      header = cells;
      if (!header.includes(target)) {
        return {
          ...table,
          problems: [
            sdk.problem(
              '/data/target',
              `There is no column “${target}”. The columns are: ${header.join(', ')}.`,
            ),
          ],
        };
      }
      table.names = header.filter((name) => name !== target);
      continue;
    }
    const numbers = cells.map((cell) => sdk.parseNumber(cell));
    const wrong = header.findIndex((_, i) => numbers[i] === undefined);
    if (wrong >= 0) {
      table.problems.push(
        sdk.problem('/data/path', `Line ${line} has no number in the column “${header[wrong]}”.`),
      );
      if (table.problems.length === 5) break;
      continue;
    }
    const at = header.indexOf(target);
    table.targets.push(numbers[at] ?? 0);
    table.inputs.push(numbers.flatMap((number, i) => (i === at || number === undefined ? [] : [number])));
  }
  if (table.problems.length === 0 && table.targets.length < 10) {
    table.problems.push(
      sdk.problem('/data/path', `The table has ${table.targets.length} examples; at least 10 are needed.`),
    );
  }
  return table;
}

/** @param {number[]} values */
function figures(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, std: variance > 0 ? Math.sqrt(variance) : 1 };
}

/** @param {string} file */
async function hashOf(file) {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

/**
 * @param {import('goya-sdk').TrainerKit} kit
 * @param {{ sdk: import('goya-sdk').PluginSdk, table: Table, columns: { mean: number, std: number }[],
 *   target: { mean: number, std: number }, split: import('goya-sdk').Split, training: import('goya-sdk').TrainingOptions,
 *   data: { target: string }, hidden: number[], hash: string }} given
 * @returns {import('goya-sdk').TrainingSetup<{ x: import('@tensorflow/tfjs-core').Tensor2D, y: import('@tensorflow/tfjs-core').Tensor2D }>}
 */
function setup({ tf, layers }, { sdk, table, columns, target, split, training, data, hidden, hash }) {
  const model = layers.sequential();
  hidden.forEach((units, i) =>
    model.add(
      layers.layers.dense({
        units,
        activation: 'relu',
        ...(i === 0 ? { inputShape: [columns.length] } : {}),
      }),
    ),
  );
  model.add(
    layers.layers.dense({ units: 1, ...(hidden.length === 0 ? { inputShape: [columns.length] } : {}) }),
  );
  // The answer comes in the target's own unit: a layer that is not trained undoes the scaling.
  const unscale = layers.layers.dense({ units: 1, trainable: false, name: 'unscale' });
  model.add(unscale);
  unscale.setWeights([tf.tensor2d([[target.std]]), tf.tensor1d([target.mean])]);

  const row = (/** @type {number} */ i) =>
    columns.map(({ mean, std }, column) => ((table.inputs[i]?.[column] ?? 0) - mean) / std);
  const batchOf = (/** @type {number[]} */ rows) => ({
    x: tf.tensor2d(rows.map(row), [rows.length, columns.length]),
    y: tf.tensor2d(rows.map((i) => [table.targets[i] ?? 0])),
  });
  const predict = (/** @type {number[]} */ rows) =>
    tf.tidy(() =>
      Array.from(
        /** @type {import('@tensorflow/tfjs-core').Tensor} */ (model.predict(batchOf(rows).x)).dataSync(),
      ),
    );

  return {
    model,
    stepsPerEpoch: Math.ceil(split.training.length / training.batchSize),
    *trainBatches(_epoch, random) {
      for (const rows of sdk.shuffledBatches(split.training, training.batchSize, random)) yield batchOf(rows);
    },
    loss: ({ x, y }) => {
      const answer = /** @type {import('@tensorflow/tfjs-core').Tensor} */ (
        model.apply(x, { training: true })
      );
      const error = tf.div(tf.sub(answer, y), target.std);
      return { loss: tf.mean(tf.square(error)), examples: y.shape[0] };
    },
    evaluate: async () => {
      const answers = predict(split.validation);
      const errors = split.validation.map((i, place) => (answers[place] ?? NaN) - (table.targets[i] ?? 0));
      const mse = errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length;
      const mae = errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length;
      return { metrics: { val_loss: mse / target.std ** 2, val_mae: mae, val_rmse: Math.sqrt(mse) } };
    },
    samples: async () => {
      const rows = split.validation.slice(0, 8);
      const answers = predict(rows);
      return rows.map((i, place) => ({
        input: table.names.map((name, column) => `${name} = ${table.inputs[i]?.[column]}`).join(', '),
        truth: String(table.targets[i]),
        predicted: String(Number(answers[place]?.toPrecision(4))),
      }));
    },
    metadata: () => ({
      labels: [data.target],
      answers: 'values',
      preprocessing: {
        kind: 'tabular',
        columns: columns.map((column, i) => ({ name: table.names[i] ?? '', kind: 'numeric', ...column })),
        labelColumn: data.target,
      },
      dataHash: hash,
    }),
  };
}
