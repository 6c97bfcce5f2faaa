import { z } from 'zod';
import { dataPath, validationShare } from '../../sdk/schema';

const columnName = z.string().min(1);

export const dataOptions = z.strictObject({
  path: dataPath('A CSV or TSV file with one header line and one example per line, in UTF-8.'),
  label: columnName.default('label').describe('The column to learn.'),
  features: z
    .array(columnName)
    .min(1)
    .optional()
    .describe('The columns to learn it from; all others by default.'),
  ignore: z
    .array(columnName)
    .default([])
    .describe('Columns to leave out, such as identifiers: they teach nothing.'),
  categorical: z
    .array(columnName)
    .default([])
    .describe('Columns whose numbers are names of categories (codes, years), not amounts.'),
  validation: validationShare(),
});
export type DataOptions = z.output<typeof dataOptions>;

export const modelOptions = z.strictObject({
  hidden: z
    .array(z.number().int().min(1).max(8192))
    .max(16)
    .default([128, 64])
    .describe('Units of each hidden layer, in order.'),
  dropout: z
    .number()
    .min(0)
    .max(0.95)
    .default(0.2)
    .describe('Share of units left out at random in training, after each hidden layer but the last.'),
  activation: z
    .enum(['relu', 'elu', 'selu', 'tanh', 'sigmoid', 'swish'])
    .default('relu')
    .describe('What follows each hidden layer.'),
});
export type ModelOptions = z.output<typeof modelOptions>;
