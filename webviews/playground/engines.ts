/** Chooses what TensorFlow.js computes with inside the webview, and says which and why. */
import * as tf from '@tensorflow/tfjs-core';
import { StudioError } from '../../protocol/wire/errors';

export const engineNames = ['webgl', 'wasm', 'cpu'] as const;
export type EngineName = (typeof engineNames)[number];
export const engineChoices = ['auto', ...engineNames] as const;
export type EngineChoice = (typeof engineChoices)[number];

export interface ChosenEngine {
  readonly name: EngineName;
  /** What was tried before it and why it was passed over. */
  readonly passedOver: readonly { readonly name: EngineName; readonly reason: string }[];
}

/** `wasmUri`: folder of the WASM binaries, ending in `/`. Each engine's code is loaded only when it is tried. */
export async function useEngine(choice: EngineChoice, wasmUri: string): Promise<ChosenEngine> {
  const wanted = choice === 'auto' ? engineNames : [choice];
  const passedOver: { name: EngineName; reason: string }[] = [];
  for (const name of wanted) {
    try {
      await starters[name](wasmUri);
      if (!(await tf.setBackend(name))) throw new Error(`${name} did not start.`);
      await tf.ready();
      return { name, passedOver };
    } catch (error) {
      passedOver.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  const reasons = passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  throw new StudioError('engine.unavailable', `No engine starts in this editor (${reasons}).`);
}

const starters: Record<EngineName, (wasmUri: string) => Promise<void>> = {
  webgl: async () => {
    await import('@tensorflow/tfjs-backend-webgl');
    if (!tf.env().getBool('HAS_WEBGL')) throw new Error('the editor has no WebGL');
    // Half precision would answer other numbers than the model gives elsewhere.
    if (!tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED'))
      throw new Error('the graphics card has no 32-bit floats');
  },
  wasm: async (wasmUri) => {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(wasmUri);
    // Webviews share no memory between threads, and the page's policy allows no workers.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  },
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
  },
};
