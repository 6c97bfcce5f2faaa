/** A loaded tf.js model; only handed on. */
export interface PlainModel {
  readonly inputs: readonly unknown[];
}
export function loadModel(folder: string): Promise<PlainModel>;
export function predict(model: PlainModel, rows: readonly (readonly number[])[]): number[][];
export function encodeRow(row: Readonly<Record<string, unknown>>, preprocessing: unknown): number[];
