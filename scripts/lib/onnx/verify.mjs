import { tryEngine } from '../engine/verify.mjs';

/** Has an engine speak with a voice of three kilobytes, in a process of its own. `trial` is the folder of the program and the voice. */
export async function verifyOnnx({ trial, folder, signal }) {
  return tryEngine({ probe: `${trial}/probe.cjs`, args: [folder], what: 'ONNX engine', folder, signal });
}
