/** Chooses what TensorFlow.js computes with inside the webview, and says which and why. */
import * as tf from '@tensorflow/tfjs-core';
import { StudioError } from '../../protocol/wire/errors';
import {
  engineNames,
  type ChosenEngine,
  type EngineChoice,
  type EngineName,
  type PassedOver,
} from './engineNames';
import { requireGraphicsAdapter, requireGraphicsCard } from './graphics';

/** Folder of the WASM binaries, ending in `/`, or their addresses by name. */
export type WasmAddress = string | Record<string, string>;

/** Each engine's code is loaded only when it is tried. `without`: those that could not do it before. */
export async function useEngine(
  choice: EngineChoice,
  wasm: WasmAddress,
  without: readonly PassedOver[] = [],
): Promise<ChosenEngine> {
  const wanted = choice === 'auto' ? engineNames : [choice];
  const passedOver = [...without];
  for (const name of wanted) {
    if (passedOver.some((one) => one.name === name)) continue;
    try {
      await starters[name]({ wasm, asked: choice === name });
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

interface Start {
  readonly wasm: WasmAddress;
  /** It was chosen by a person: what would be slow is run all the same. */
  readonly asked: boolean;
}

const starters: Record<EngineName, (start: Start) => Promise<void>> = {
  webgpu: async ({ asked }) => {
    await requireGraphicsAdapter(asked);
    await import('@tensorflow/tfjs-backend-webgpu');
  },
  webgl: async ({ asked }) => {
    await import('@tensorflow/tfjs-backend-webgl');
    if (!tf.env().getBool('HAS_WEBGL')) throw new Error('the editor has no WebGL');
    requireGraphicsCard(asked);
    // Half precision would answer other numbers than the model gives elsewhere.
    if (!tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED'))
      throw new Error('the graphics card has no 32-bit floats');
  },
  wasm: async ({ wasm }) => {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(wasm);
    // Webviews share no memory between threads.
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  },
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
  },
};
